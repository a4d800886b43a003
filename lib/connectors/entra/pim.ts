/**
 * Giving and taking by an active assignment of Privileged Identity Management for groups
 * (https://learn.microsoft.com/graph/api/privilegedaccessgroup-post-assignmentschedulerequests). Nothing is called when
 * a lease is extended, so the end that Entra keeps lies after the latest moment the lease can ever last to: its policy's
 * longest extension and grace included, and a quarter of an hour more. Without such a bound Entra keeps no end. So it
 * never ends a lease early; it is the second lock, and the first is ours.
 */
import 'server-only'
import { type ChangeArgs, type ChangeResult, ConnectorError, type GrantArgs } from '../contract'
import type { HttpAnswer } from '../http'
import type { Ctx } from './config'
import { bodyOf, errorOf, request, unexpected } from './graph'
import { isDirect } from './look'
import { provenThere, refusal, refuseUnmanaged, remove as removeMember } from './members'

const requests = '/identityGovernance/privilegedAccess/group/assignmentScheduleRequests'
const SECOND_LOCK_MS = 15 * 60_000
const POLL_MS = 5000
/** PIM removes nothing that began less than five minutes ago. */
const TOO_SHORT_MS = 60_000

type Action = 'adminAssign' | 'adminRemove'

const succeeded = new Set(['Provisioned', 'Granted', 'Revoked'])
const failed = new Set(['Denied', 'AdminDenied', 'Failed', 'Canceled', 'TimedOut', 'Invalid'])

interface Answered {
  id: string
  status: string
}

export async function assign(ctx: Ctx, args: GrantArgs): Promise<ChangeResult> {
  const { entitlement, account, grantId, latestEnd } = args
  await refuseUnmanaged(ctx, entitlement.id)
  // Never an end over a membership that has none.
  if (await isDirect(ctx, args)) return { state: 'done', changed: false }
  const answer = await request(ctx, {
    method: 'POST',
    path: requests,
    json: {
      accessId: 'member',
      action: 'adminAssign',
      groupId: entitlement.id,
      principalId: account.id,
      justification: `Lease ${grantId}`,
      scheduleInfo: {
        startDateTime: ctx.now().toISOString(),
        expiration: latestEnd
          ? {
              type: 'afterDateTime',
              endDateTime: new Date(latestEnd.getTime() + SECOND_LOCK_MS).toISOString(),
            }
          : { type: 'noExpiration' },
      },
    },
  })
  if (answer.status === 201) return resultOf(answer.body as Answered, 'adminAssign')
  return refused(ctx, args, answer, 'adminAssign')
}

export async function unassign(ctx: Ctx, args: ChangeArgs): Promise<ChangeResult> {
  const { entitlement, account, grantId } = args
  const answer = await request(ctx, {
    method: 'POST',
    path: requests,
    json: {
      accessId: 'member',
      action: 'adminRemove',
      groupId: entitlement.id,
      principalId: account.id,
      justification: `End of lease ${grantId}`,
    },
  })
  if (answer.status === 201) return resultOf(answer.body as Answered, 'adminRemove')
  return refused(ctx, args, answer, 'adminRemove')
}

/** Follows a request to its end. One that Entra forgot counts as done: the look that follows tells what became of it. */
export async function follow(ctx: Ctx, token: string): Promise<ChangeResult> {
  const [action, id] = token.split(':') as [Action, string]
  const answer = await request(ctx, { path: `${requests}/${encodeURIComponent(id)}` })
  if (answer.status === 404) return { state: 'done', changed: false }
  return resultOf(bodyOf<Answered>(answer), action)
}

function resultOf({ id, status }: Answered, action: Action): ChangeResult {
  if (succeeded.has(status)) return { state: 'done', changed: true, externalRef: id }
  if (status === 'FailedAsResourceIsLocked')
    throw new ConnectorError('retryable', 'The group is busy with another change in PIM.')
  if (failed.has(status))
    throw new ConnectorError('rejected', `PIM ended the request without a change (${status}).`)
  return { state: 'pending', token: `${action}:${id}`, pollAfterMs: POLL_MS }
}

async function refused(
  ctx: Ctx,
  args: ChangeArgs,
  answer: HttpAnswer,
  action: Action,
): Promise<ChangeResult> {
  if (answer.status !== 400 && answer.status !== 404 && answer.status !== 409)
    throw unexpected(answer, 'change')
  const { code, message } = errorOf(answer)
  const said = `${code} ${message}`
  if (/PendingRoleAssignmentRequest|already.*pending/i.test(said))
    throw new ConnectorError('retryable', 'PIM is still busy with an earlier request for this person.')
  if (/ActiveDurationTooShort/i.test(said))
    throw new ConnectorError('retryable', 'PIM takes nothing back in its first five minutes.', {
      retryAfterMs: TOO_SHORT_MS,
    })
  await provenThere(ctx, args)
  const direct = await isDirect(ctx, args)
  if (direct === (action === 'adminAssign')) return { state: 'done', changed: false }
  // A member without an assignment: standing access that becomes a lease ends as a membership.
  if (action === 'adminRemove' && /RoleAssignmentDoesNotExist/i.test(said)) return removeMember(ctx, args)
  if (/RoleAssignmentExists|RoleAssignmentDoesNotExist/i.test(said))
    throw new ConnectorError('retryable', 'Entra’s copies do not agree yet.')
  throw refusal(answer)
}
