import 'server-only'
import { and, eq, gt, isNull, lte } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { readNow } from '@/lib/clock'
import { systemCtx } from '@/lib/context'
import { credentialWarning, credentialWarningDays } from '@/lib/domain/credential'
import { DAY, plus } from '@/lib/domain/duration'
import { RefusalError, refuse } from '@/lib/domain/errors'
import { log } from '@/lib/log'
import { change } from './change'
import { keepersOf } from './facts'
import { owe } from './save'

/**
 * Tells the owners of applications whose credential ends soon, or the admins where nobody owns one: 30, 7 and 1 days
 * ahead, once each. A target's date is a date like any other, so it is held against the domain's clock.
 * @returns of how many credentials somebody was told
 */
export async function warnOfCredentials(db: Db): Promise<number> {
  const { application, connection } = schema
  const now = await readNow(db)
  const ending = await db
    .select({
      id: connection.id,
      endsAt: connection.credentialExpiresAt,
      warned: connection.credentialWarnedDays,
    })
    .from(connection)
    .innerJoin(application, eq(application.connectionId, connection.id))
    .where(
      and(
        isNull(application.archivedAt),
        gt(connection.credentialExpiresAt, now),
        lte(connection.credentialExpiresAt, plus(now, credentialWarningDays[0] * DAY)),
      ),
    )
  let told = 0
  for (const { id, endsAt, warned } of ending)
    if (endsAt && credentialWarning(endsAt, warned, now) && (await warn(db, id))) told++
  return told
}

async function warn(db: Db, connectionId: string): Promise<boolean> {
  const { application, connection } = schema
  const warned = await change(systemCtx('engine', db), {
    gate: 'connection.test',
    subject: { type: 'connection', id: connectionId },
    async run(tx, at) {
      const [row] = await tx.select().from(connection).where(eq(connection.id, connectionId)).for('update')
      const found = await tx.query.application.findFirst({
        where: eq(application.connectionId, connectionId),
      })
      const endsAt = row?.credentialExpiresAt
      const days = endsAt ? credentialWarning(endsAt, row.credentialWarnedDays, at.now) : null
      if (!endsAt || !days || !found) throw new RefusalError(refuse('conflict', 'This was told already'))
      await tx.update(connection).set({ credentialWarnedDays: days }).where(eq(connection.id, connectionId))
      for (const personId of await keepersOf(tx, found.id))
        await owe(
          tx,
          {
            occasion: `credential-ends:${connectionId}:${endsAt.toISOString().slice(0, 10)}:${days}`,
            kind: 'credential-ends',
            personId,
            data: { connectionId, endsAt: endsAt.toISOString() },
          },
          at.now,
        )
      const data = { application: found.name, code: 'credential_ends', days, endsAt: endsAt.toISOString() }
      return { result: null, entry: { verb: 'needs_attention', data } }
    },
  })
  if (warned.ok) log.warn({ connectionId }, 'a credential ends soon; the owners are told')
  return warned.ok
}
