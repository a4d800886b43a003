/** Giving and taking one membership: read, change one member, read again, and stop where others moved. */
import 'server-only'
import { type ChangeResult, ConnectorError } from '../contract'
import type { HttpAnswer } from '../http'
import { movedWords, othersMoved } from '../other-members'
import {
  ask,
  type Ctx,
  heldUnlisted,
  type Pair,
  pathOf,
  readGroup,
  readPair,
  type SeenGroup,
  type SeenPair,
} from './client'
import { filterValue, groupName, hasMember } from './resources'
import { changeTrouble, decidedByLook } from './trouble'

type Wanted = 'member' | 'no member'

const patchSchema = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

export async function grant(ctx: Ctx, pair: Pair): Promise<ChangeResult> {
  const before = await readPair(ctx, pair)
  const name = groupName(before.group)
  if (hasMember(before.group, pair.account.id)) return { state: 'done', changed: false }
  if (before.group.externalId && !ctx.config.provisioned)
    throw new ConnectorError('entitlement_unmanaged', `Another system provisions “${name}”.`)
  if (!before.user.active)
    throw new ConnectorError('rejected', `“${pair.account.name}” is deactivated in the target.`)
  return change(ctx, pair, before, 'member')
}

export async function revoke(ctx: Ctx, pair: Pair): Promise<ChangeResult> {
  const before = await readPair(ctx, pair)
  const { group, user } = before
  if (hasMember(group, user.id)) return change(ctx, pair, before, 'no member')
  // Where the group lists nobody, it may be its list that is kept back: the account or a filter can tell.
  const claimed = group.members.length === 0 && user.groups.some((one) => one.value === group.id)
  if (!claimed && !(await heldUnlisted(ctx, group, user.id))) return { state: 'done', changed: false }
  return change(ctx, pair, before, 'no member')
}

async function change(ctx: Ctx, pair: Pair, before: SeenPair, wanted: Wanted): Promise<ChangeResult> {
  const answer = await send(ctx, pair, before, wanted)
  if (answer.status >= 300) return refused(ctx, pair, before, wanted, answer)
  const after = await lookAfter(ctx, pair)
  guardOthers(pair, before, after)
  const done = hasMember(after.group, pair.account.id) === (wanted === 'member')
  if (!done && ctx.config.effectDelaySeconds === 0) throw unseen(pair, answer, wanted)
  return { state: 'done', changed: true }
}

/** The request in the server's dialect. Members are always named: nothing here can mean all of them. */
function send(ctx: Ctx, pair: Pair, before: SeenPair, wanted: Wanted): Promise<HttpAnswer> {
  const path = pathOf('Groups', pair.entitlement.id)
  const ifMatch = before.version ? { ifMatch: before.version } : {}
  if (ctx.config.removal === 'replace-all')
    return ask(ctx, { method: 'PUT', path, json: replaced(pair, before, wanted), ...ifMatch })
  const operation = wanted === 'member' ? addition(pair) : removal(ctx, pair)
  return ask(ctx, {
    method: 'PATCH',
    path,
    json: { schemas: [patchSchema], Operations: [operation] },
    ...ifMatch,
  })
}

const addition = ({ account }: Pair) => ({ op: 'add', path: 'members', value: [{ value: account.id }] })

const removal = (ctx: Ctx, { account }: Pair) =>
  ctx.config.removal === 'value-list'
    ? { op: 'remove', path: 'members', value: [{ value: account.id }] }
    : { op: 'remove', path: `members[value eq ${filterValue(account.id)}]` }

/**
 * The group as it was sent, with one member more or less; what the server keeps for itself stays out.
 * @throws ConnectorError `misconfigured` where the list is visibly not the whole one: others would go with it
 */
function replaced(
  { account }: Pair,
  { raw, group, user }: SeenPair,
  wanted: Wanted,
): Record<string, unknown> {
  const claimed = user.groups.some((one) => one.value === group.id)
  if (!hasMember(group, account.id) && (claimed || wanted === 'no member'))
    throw new ConnectorError(
      'misconfigured',
      `“${groupName(group)}” does not list all of its members, so it cannot be replaced as a whole.`,
    )
  const { meta: _meta, ...kept } = raw
  const listed = (raw.members ?? []) as { value: unknown }[]
  const others = listed.filter((one) => String(one.value) !== account.id)
  return { ...kept, members: wanted === 'member' ? [...others, { value: account.id }] : others }
}

/** A refusal that may only mean that all is as wanted already, or that one side is gone: a look decides. */
async function refused(
  ctx: Ctx,
  pair: Pair,
  before: SeenPair,
  wanted: Wanted,
  answer: HttpAnswer,
): Promise<ChangeResult> {
  const how = ctx.config.removal
  const name = groupName(before.group)
  if (!decidedByLook(answer)) throw changeTrouble(answer, name, how)
  const after = await readPair(ctx, pair)
  guardOthers(pair, before, after)
  if (hasMember(after.group, pair.account.id) === (wanted === 'member'))
    return { state: 'done', changed: false }
  throw changeTrouble(answer, name, how)
}

/** The change was taken; a look that fails now must not say that it was not. */
async function lookAfter(ctx: Ctx, pair: Pair): Promise<SeenGroup> {
  const after = await readGroup(ctx, pair.entitlement.id).catch((error: unknown) => {
    const why = error instanceof ConnectorError ? error.message : 'No reason was given.'
    throw new ConnectorError('unknown_outcome', `The change was taken but could not be looked at. ${why}`)
  })
  if (after) return after
  throw new ConnectorError('unknown_outcome', `“${pair.entitlement.name}” was gone right after the change.`)
}

/** Rule of the house: others differ by nothing, else nobody goes on by themselves. */
function guardOthers({ account }: Pair, before: SeenGroup, after: SeenGroup): void {
  const ids = ({ group }: SeenGroup) => group.members.map((member) => member.value)
  const moved = othersMoved(ids(before), ids(after), account.id)
  if (!moved) return
  const names = new Map([...before.group.members, ...after.group.members].map((m) => [m.value, m.display]))
  const words = movedWords(moved, (id) => names.get(id) || id)
  const message = `While “${account.name}” was changed in “${groupName(before.group)}”, ${words}.`
  throw new ConnectorError('unknown_outcome', message, { othersMoved: moved })
}

function unseen({ account, entitlement }: Pair, { host, status }: HttpAnswer, wanted: Wanted) {
  const still = wanted === 'member' ? 'does not list' : 'still lists'
  return new ConnectorError(
    'unknown_outcome',
    `${host} answered ${status}, and “${entitlement.name}” ${still} “${account.name}”. If it is only slow, set an effect delay.`,
  )
}
