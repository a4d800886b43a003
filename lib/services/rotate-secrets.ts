import 'server-only'
import { and, eq, isNotNull } from 'drizzle-orm'
import { type Db, schema } from '@/db/client'
import { needsRotation, rotate, SecretError, type SecretKeys } from '@/lib/secrets'

/** What a rotation did: `current` were under the first key already, `failed` names what does not open. */
export interface Rotated {
  readonly rotated: number
  readonly current: number
  readonly failed: readonly { readonly place: string; readonly why: string }[]
}

const { auditReceiver, connection, mail } = schema

/**
 * Puts every sealed value under the first key, so that the other keys can be taken out of the settings. It may run
 * beside the product and any number of times: a value that was saved anew meanwhile is left as it is.
 */
export async function rotateSecrets(db: Db, keys: SecretKeys): Promise<Rotated> {
  const sealed = [...(await ofConnections(db)), ...(await ofMails(db)), ...(await ofReceivers(db))]
  const done = { rotated: 0, current: 0, failed: [] as { place: string; why: string }[] }
  for (const { table, row, column, value, replace } of sealed) {
    try {
      if (!needsRotation(value, keys)) done.current++
      else {
        await replace(rotate(value, { table, row, column }, keys))
        done.rotated++
      }
    } catch (error) {
      if (!(error instanceof SecretError)) throw error
      done.failed.push({ place: `${table} ${row}`, why: error.message })
    }
  }
  return done
}

interface Sealed {
  readonly table: string
  readonly row: string
  readonly column: string
  readonly value: string
  /** Writes the new value, unless another one was written since. */
  readonly replace: (value: string) => Promise<unknown>
}

async function ofConnections(db: Db): Promise<Sealed[]> {
  const rows = await db
    .select({ row: connection.id, value: connection.secrets })
    .from(connection)
    .where(isNotNull(connection.secrets))
  return rows.map(({ row, value }) => ({
    ...{ table: 'connection', row, column: 'secrets', value: value ?? '' },
    replace: (secrets) =>
      db
        .update(connection)
        .set({ secrets })
        .where(and(eq(connection.id, row), eq(connection.secrets, value ?? ''))),
  }))
}

/** Mails that wait for another try. */
async function ofMails(db: Db): Promise<Sealed[]> {
  const rows = await db.select({ row: mail.id, value: mail.sealed }).from(mail).where(isNotNull(mail.sealed))
  return rows.map(({ row, value }) => ({
    ...{ table: 'mail', row, column: 'sealed', value: value ?? '' },
    replace: (next) =>
      db
        .update(mail)
        .set({ sealed: next })
        .where(and(eq(mail.id, row), eq(mail.sealed, value ?? ''))),
  }))
}

/** Receivers of the audit log. */
async function ofReceivers(db: Db): Promise<Sealed[]> {
  const rows = await db.select({ row: auditReceiver.id, value: auditReceiver.secret }).from(auditReceiver)
  return rows.map(({ row, value }) => ({
    ...{ table: 'audit_receiver', row, column: 'secret', value },
    replace: (secret) =>
      db
        .update(auditReceiver)
        .set({ secret })
        .where(and(eq(auditReceiver.id, row), eq(auditReceiver.secret, value))),
  }))
}
