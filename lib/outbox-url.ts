import { withoutNul } from './plain-text'

/** What the address of the outbox says: whose mails, which page, and how one mail is shown. */
export interface OutboxQuery {
  readonly to: string
  readonly page: number
  readonly view: 'html' | 'text'
}

/** Reads the query string; what makes no sense is as if it were not there. */
export function outboxQuery(given: Record<string, string | string[] | undefined>): OutboxQuery {
  const one = (name: string) => (typeof given[name] === 'string' ? given[name] : '')
  const page = Number(one('page'))
  return {
    to: withoutNul(one('to')).trim().slice(0, 100),
    page: Number.isInteger(page) && page >= 1 && page <= 1000 ? page : 1,
    view: one('view') === 'text' ? 'text' : 'html',
  }
}

/** The address of the outbox, or of one mail in it, in the same view of the list. */
export function outboxHref(query: OutboxQuery, change: Partial<OutboxQuery> & { id?: string } = {}): string {
  const { id, ...next } = { ...query, ...change }
  const params = new URLSearchParams({
    ...(next.to && { to: next.to }),
    ...(next.page > 1 && { page: String(next.page) }),
    ...(id && next.view === 'text' && { view: 'text' }),
  })
  const path = id ? `/dev/mail/${id}` : '/dev/mail'
  return params.size > 0 ? `${path}?${params}` : path
}
