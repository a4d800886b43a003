import 'server-only'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { schema } from '@/db/client'
import { type ConnectorAccount, ConnectorError } from '@/lib/connectors/contract'
import { type AccountQuestionKind, judgeAccount } from '@/lib/domain/account'
import {
  askWhose,
  closeQuestion,
  openQuestion,
  passedOver,
  pinnedTo,
  takenBy,
} from '@/lib/services/account-questions'
import { noteReaddressed } from '@/lib/services/accounts'
import type { LoadedGrant } from '@/lib/services/facts'
import type { Engine } from './engine'
import type { Target } from './target'

/** The id of a grant's account, or the one its person is pinned to by now. */
export function pinnedId(f: LoadedGrant) {
  if (f.row.accountId) return f.row.accountId
  const { account } = schema
  const mine = and(
    eq(account.connectionId, f.connection!.id),
    eq(account.personId, f.row.personId),
    isNull(account.unlinkedAt),
  )
  return sql<string>`(select ${account.id} from ${account} where ${mine})`
}

const said: Record<AccountQuestionKind, (email: string) => string> = {
  ambiguous: (email) => `More than one account fits ${email}`,
  missing: (email) => `There is no account for ${email}`,
  address_changed: (email) => `The known account does not answer to ${email}`,
  recycled: (email) => `${email} belongs to another account by now`,
  taken: (email) => `The account of ${email} is known as another person’s already`,
}

/**
 * Which account a give goes to, judged before the first intent: found and plain, or people are asked and the give
 * waits for their answer. Takes never come here.
 * @throws ConnectorError `principal_missing` or `principal_ambiguous`: whose account is it?
 */
export async function accountFor(
  engine: Engine,
  f: LoadedGrant,
  target: Target,
  person: { id: string; email: string; name: string },
): Promise<{ account: ConnectorAccount; pinned: boolean }> {
  const connectionId = f.connection!.id
  const { db, ctx } = engine
  const pinned = await pinnedTo(db, connectionId, person.id)
  const answer = await target.call(
    'resolve',
    'look',
    (call) => target.connector.resolveAccount(call, { person: { email: person.email, name: person.name } }),
    (result) => result.kind,
  )
  const fits =
    answer.kind === 'found' ? [answer.account] : answer.kind === 'ambiguous' ? answer.candidates : []
  const verdict = judgeAccount({
    email: person.email,
    pinned: pinned
      ? { id: pinned.externalId, name: pinned.name, emailThen: pinned.email, said: pinned.linkedBy !== null }
      : null,
    answer,
    taken: new Set(
      (
        await takenBy(
          db,
          connectionId,
          person.id,
          fits.map((one) => one.id),
        )
      ).keys(),
    ),
    passedOver: await passedOver(db, connectionId, person.id),
  })
  if ('ask' in verdict) {
    await askWhose(ctx, {
      connectionId,
      personId: person.id,
      kind: verdict.ask,
      candidates: verdict.candidates,
    })
    throw new ConnectorError(
      verdict.ask === 'missing' ? 'principal_missing' : 'principal_ambiguous',
      said[verdict.ask](person.email),
    )
  }
  if (await openQuestion(db, connectionId, person.id)) await closeQuestion(db, connectionId, person.id, null)
  if (verdict.use === 'pin') return { account: verdict.account, pinned: false }
  const account = { id: pinned!.externalId, name: pinned!.name, email: person.email }
  if (verdict.readdressed) await noteReaddressed(ctx, { connectionId, personId: person.id, account })
  return { account, pinned: true }
}
