/** One story that the previews of all mails tell together; nothing here is sent to anybody. */

/** A moment of the story, as UTC wall time: `on('12T13:03')` is 12 November 2026, 14:03 in Berlin. */
export const on = (time: string) => new Date(`2026-11-${time}:00Z`)

/** Who reads, and where. */
export const reader = { org: 'Halden', zone: 'Europe/Berlin', now: on('13T09:03') }

/** What it is about. */
export const warehouse = { entitlement: 'prod_read', application: 'Data warehouse' }

/** A page of the product. */
export const page = (path: string) => `https://access.halden.example/${path}`

/** What the entitlement allows. */
export const lets =
  'Read every table in the production warehouse, customer names and addresses included. It cannot change anything.'
