/** Who is in a group: directly, through groups inside it, and what the user's own side says about it. */
import 'server-only'
import {
  type ConnectorAccount,
  type ConnectorEntitlement,
  ConnectorError,
  type Holder,
  type Holding,
  type Page,
} from '../contract'
import { oneLine } from '../http'
import { type Ctx, heldUnlisted, type Pair, readGroup, readPair, readUser } from './client'
import { accountOf, type Group, groupName, hasMember, isGroup, type Member, type User } from './resources'

/** Groups read inside one group; what lies beyond is not looked at, and that is said. */
const MOST_NESTED = 50
/** Holders per page: each is read for its name and address. */
const MOST_HOLDERS = 25
const AT_ONCE = 5

interface Inside {
  group: Group
  /** The group directly in ours that leads to it. */
  through: string
}

/** The groups inside a group, each once, nearest first; `complete` is false where there were too many. */
async function nested(ctx: Ctx, top: Group): Promise<{ inside: Inside[]; complete: boolean }> {
  const seen = new Set([top.id])
  const inside: Inside[] = []
  let layer: { id: string; through: string | null }[] = top.members
    .filter(isGroup)
    .map(({ value }) => ({ id: value, through: null }))
  while (layer.length > 0) {
    const next: typeof layer = []
    for (const { id, through } of layer) {
      if (seen.has(id)) continue
      if (seen.size > MOST_NESTED) return { inside, complete: false }
      seen.add(id)
      const found = (await readGroup(ctx, id))?.group
      if (!found) continue
      const name = through ?? groupName(found)
      inside.push({ group: found, through: name })
      next.push(...found.members.filter(isGroup).map(({ value }) => ({ id: value, through: name })))
    }
    layer = next
  }
  return { inside, complete: true }
}

/** What the user's `groups` says of this group (RFC 7643 section 4.1.2); many servers leave it out. */
const claimOf = (user: User, groupId: string) => user.groups.find((group) => group.value === groupId)

const inactive = (user: User) => (user.active ? [] : ['The account is deactivated in the target.'])

const detailOf = (sentences: string[]) => (sentences.length > 0 ? { detail: sentences.join(' ') } : {})

export async function check(ctx: Ctx, pair: Pair): Promise<Holding> {
  const { group, user } = await readPair(ctx, pair)
  if (hasMember(group, user.id)) return { state: 'direct', ...detailOf(inactive(user)) }
  const { inside, complete } = await nested(ctx, group)
  const through = inside.find((one) => hasMember(one.group, user.id))?.through
  if (through !== undefined)
    return { state: 'indirect', via: through, ...detailOf([`Through “${through}”.`, ...inactive(user)]) }
  const claim = claimOf(user, group.id)
  if (claim && (claim.type?.toLowerCase() === 'indirect' || inside.length > 0))
    return { state: 'indirect', via: 'another group', detail: 'The account says so; the group does not.' }
  if (claim) {
    const detail = `The group does not list “${accountOf(user).name}”, which itself lists the group.`
    return { state: 'unknown', detail }
  }
  if (await heldUnlisted(ctx, group, user.id)) {
    const detail = `The group lists nobody, and says of “${accountOf(user).name}” that it is a member.`
    return { state: 'unknown', detail }
  }
  const partly = complete ? [] : [`Only ${MOST_NESTED} of the groups inside it were looked at.`]
  return { state: 'absent', ...detailOf([...partly, ...inactive(user)]) }
}

interface Listed {
  member: Member
  through?: string
}

/** Everyone, direct ones before their indirect selves, in an order that does not move between pages. */
async function everyone(ctx: Ctx, entitlement: ConnectorEntitlement): Promise<Listed[]> {
  const seen = await readGroup(ctx, entitlement.id)
  if (!seen)
    throw new ConnectorError('entitlement_missing', `The group “${entitlement.name}” no longer exists.`)
  const { inside } = await nested(ctx, seen.group)
  const people = new Map<string, Listed>()
  const add = (member: Member, through?: string) => {
    if (isGroup(member) || people.has(member.value)) return
    people.set(member.value, { member, ...(through === undefined ? {} : { through }) })
  }
  for (const member of seen.group.members) add(member)
  for (const { group, through } of inside) for (const member of group.members) add(member, through)
  return [...people.values()].sort((a, b) => (a.member.value < b.member.value ? -1 : 1))
}

/** The name and address of a member; one whose user is not there is still a member. */
async function nameOf(ctx: Ctx, { value, display }: Member): Promise<ConnectorAccount> {
  const user = await readUser(ctx, value)
  return user ? accountOf(user) : { id: value, name: oneLine(display || value) }
}

/** One page; the cursor is the last id of the page before. */
export async function listHolders(
  ctx: Ctx,
  { entitlement, cursor }: { entitlement: ConnectorEntitlement; cursor: string | null },
): Promise<Page<Holder>> {
  const all = await everyone(ctx, entitlement)
  const rest = cursor === null ? all : all.filter(({ member }) => member.value > cursor)
  const page = rest.slice(0, Math.min(MOST_HOLDERS, ctx.config.pageSize))
  const items: Holder[] = []
  for (let at = 0; at < page.length; at += AT_ONCE) {
    const some = page.slice(at, at + AT_ONCE).map(async ({ member, through }): Promise<Holder> => {
      const account = await nameOf(ctx, member)
      return through === undefined
        ? { account, state: 'direct' }
        : { account, state: 'indirect', via: through }
    })
    items.push(...(await Promise.all(some)))
  }
  const last = page.at(-1)
  return { items, next: last && rest.length > page.length ? last.member.value : null }
}
