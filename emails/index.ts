export type * from './props'
