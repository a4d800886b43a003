/** Giving and taking by membership. */
import 'server-only'
import { type ChangeArgs, type ChangeResult, ConnectorError } from '../contract'
import type { HttpAnswer } from '../http'
import { type Ctx, graphBase } from './config'
import { errorOf, membershipPath, request, unexpected } from './graph'
import { isDirect } from './look'
import { groupOf, reasonAgainst, userOf } from './objects'

const done = (changed: boolean): ChangeResult => ({ state: 'done', changed })

/** @throws ConnectorError `entitlement_unmanaged` with the reason, `entitlement_missing` */
export async function refuseUnmanaged(ctx: Ctx, id: string): Promise<void> {
  const reason = reasonAgainst(await groupOf(ctx, id))
  if (reason) throw new ConnectorError('entitlement_unmanaged', reason)
}

export async function add(ctx: Ctx, args: ChangeArgs): Promise<ChangeResult> {
  const { entitlement, account } = args
  await refuseUnmanaged(ctx, entitlement.id)
  const answer = await request(ctx, {
    method: 'POST',
    path: `/groups/${encodeURIComponent(entitlement.id)}/members/$ref`,
    json: { '@odata.id': `${graphBase(ctx.config)}/directoryObjects/${account.id}` },
  })
  if (answer.status === 204) return done(true)
  if (answer.status !== 400 && answer.status !== 404) throw unexpected(answer, 'change')
  // "Already exist" and "does not exist" are both said in words only; what is there decides.
  await provenThere(ctx, args)
  if (await isDirect(ctx, args)) return done(false)
  throw refusal(answer)
}

export async function remove(ctx: Ctx, args: ChangeArgs): Promise<ChangeResult> {
  const { entitlement, account } = args
  const answer = await request(ctx, {
    method: 'DELETE',
    path: membershipPath(entitlement.id, account.id),
  })
  if (answer.status === 204) return done(true)
  if (answer.status !== 400 && answer.status !== 404) throw unexpected(answer, 'change')
  await provenThere(ctx, args)
  if (!(await isDirect(ctx, args))) return done(false)
  throw refusal(answer)
}

/** @throws ConnectorError `principal_missing`, `entitlement_missing` */
export async function provenThere(ctx: Ctx, { entitlement, account }: ChangeArgs): Promise<void> {
  await userOf(ctx, account)
  await groupOf(ctx, entitlement.id)
}

/** Refused though both are there: for good, unless it only speaks of a copy that lags behind. */
export function refusal(answer: HttpAnswer): ConnectorError {
  const { message } = errorOf(answer)
  if (answer.status === 404 || /already exist|does not exist|not present/i.test(message))
    return new ConnectorError('retryable', 'Entra’s copies do not agree yet.')
  return new ConnectorError('rejected', message || 'Entra refused without a reason.')
}
