import 'server-only'
import { type Db, database } from '@/db/client'
import type { Actor } from '@/lib/domain/timeline'

/** What every verb and every read is given: where, and who. Time and ids are added inside the transaction. */
export interface Ctx {
  readonly db: Db
  readonly actor: Actor
}

/** The product's own parts act under this name, never under a person's. */
export function systemCtx(name: Extract<Actor, { kind: 'system' }>['name'], db: Db = database().db): Ctx {
  return { db, actor: { kind: 'system', name } }
}
