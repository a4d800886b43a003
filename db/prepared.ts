import 'server-only'
import type { Sql } from 'postgres'

/** Statements that are prepared are kept by every connection: more of them than this are not. */
const MOST_PREPARED = 1_000

/** A list of parameters has another text for each length, as rows of values have for each number. */
const LIST = / in \(\$\d+, |\), \((?:\$|default)/

const prepared = new Map<string, boolean>()

/** Whether a statement comes again with the same words. */
function comesAgain(text: string): boolean {
  let again = prepared.get(text)
  if (again === undefined && prepared.size < MOST_PREPARED) {
    again = !LIST.test(text)
    prepared.set(text, again)
  }
  return again ?? false
}

type Unsafe = Sql['unsafe']

/**
 * One statement at a time on a connection: what waits for a lock must not hold up what somebody else asks. The driver
 * puts another one behind it unless this, which it knows and does not name in its types, says no.
 */
const ONE_AT_A_TIME = { onexecute: () => false }

/**
 * The query builder has every statement parsed and planned anew each time, in two trips to the server
 * (drizzle-team/drizzle-orm, issue 6096). Prepared, it is one trip, and most of PostgreSQL's work is done once.
 * @param refuseIfClosed throws when nothing more may be asked of it
 */
export function preparing<T extends { unsafe: Unsafe }>(client: T, refuseIfClosed: () => void): T {
  return new Proxy(client, {
    get(target, key) {
      refuseIfClosed()
      const value: unknown = Reflect.get(target, key)
      if (key === 'unsafe')
        return ((text, params, options) =>
          target.unsafe(text, params ?? [], {
            ...options,
            ...ONE_AT_A_TIME,
            prepare: comesAgain(text),
          })) satisfies Unsafe
      // Both give a client of their own, for what is inside.
      if ((key === 'begin' || key === 'savepoint') && typeof value === 'function')
        return (...args: unknown[]) => {
          const inside = args.pop() as (client: T) => unknown
          return value.call(target, ...args, (client: T) => inside(preparing(client, refuseIfClosed)))
        }
      return value
    },
  })
}
