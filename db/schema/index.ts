export * from './applications'
export * from './leases'
export * from './log'
export * from './people'
