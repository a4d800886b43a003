export * from './applications'
export * from './leases'
export * from './people'
