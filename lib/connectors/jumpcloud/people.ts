/** JumpCloud's users live in its v1 API (`systemusers`). */
import 'server-only'
import { z } from 'zod'
import { type ConnectorAccount, ConnectorError, type ConnectorPerson, type ResolveResult } from '../contract'
import { type Ctx, find, PAGE_SIZE } from './api'

const systemUser = z.object({
  _id: z.string().min(1),
  username: z.string().nullish(),
  email: z.string().nullish(),
  displayname: z.string().nullish(),
  suspended: z.boolean().nullish(),
  state: z.string().nullish(),
})
export type SystemUser = z.infer<typeof systemUser>

const found = z.object({ results: z.array(systemUser) })
const fields = 'username email displayname suspended state'
/** How people are shown to choose from; nobody reads a longer list. */
const MOST_SHOWN = 10

export const isSuspended = ({ suspended, state }: SystemUser) => suspended === true || state === 'SUSPENDED'

export function accountOf({ _id, username, email, displayname }: SystemUser): ConnectorAccount {
  return { id: _id, name: displayname || username || email || _id, ...(email ? { email } : {}) }
}

/** Users of whom any one of these is true, compared exactly; at most a page of them. */
export async function usersWhere(ctx: Ctx, or: Record<string, string>[]): Promise<SystemUser[]> {
  const answer = await find(ctx, found, {
    method: 'POST',
    path: '/api/search/systemusers',
    json: { filter: { or }, fields, limit: PAGE_SIZE, skip: 0 },
  })
  if (answer) return answer.results
  throw new ConnectorError('misconfigured', 'JumpCloud has no users at this address.')
}

export const findUser = (ctx: Ctx, id: string) =>
  find(ctx, systemUser, {
    method: 'GET',
    path: `/api/systemusers/${encodeURIComponent(id)}`,
    query: { fields },
  })

/** @throws ConnectorError `principal_missing` */
export async function needUser(ctx: Ctx, { id, name }: ConnectorAccount): Promise<SystemUser> {
  const user = await findUser(ctx, id)
  if (user) return user
  throw new ConnectorError('principal_missing', `The account “${name}” no longer exists in JumpCloud.`)
}

/** JumpCloud compares addresses letter for letter, so both spellings are asked for. */
const spellings = (email: string) => [...new Set([email, email.toLowerCase()])].map((one) => ({ email: one }))

/** @throws ConnectorError `rejected` where everybody who fits is suspended */
export async function resolveAccount(
  ctx: Ctx,
  { person }: { person: ConnectorPerson },
): Promise<ResolveResult> {
  const same = (user: SystemUser) => user.email?.toLowerCase() === person.email.toLowerCase()
  const users = (await usersWhere(ctx, spellings(person.email))).filter(same)
  const candidates = users.filter((user) => !isSuspended(user)).map(accountOf)
  const [account, second] = candidates
  if (account) return second ? { kind: 'ambiguous', candidates } : { kind: 'found', account }
  if (users[0]) throw suspended(users[0])
  return { kind: 'missing' }
}

/** By id, login, address or the name shown. */
export async function findAccount(ctx: Ctx, { text }: { text: string }): Promise<ConnectorAccount[]> {
  const sought = text.trim()
  if (sought === '') return []
  const byId = /^[0-9a-f]{24}$/i.test(sought) ? await findUser(ctx, sought) : null
  const users = byId
    ? [byId]
    : await usersWhere(ctx, [{ username: sought }, { displayname: sought }, ...spellings(sought)])
  const active = users.filter((user) => !isSuspended(user))
  if (active.length === 0 && users[0]) throw suspended(users[0])
  return active.slice(0, MOST_SHOWN).map(accountOf)
}

const suspended = (user: SystemUser) =>
  new ConnectorError(
    'rejected',
    `“${accountOf(user).name}” is suspended in JumpCloud, so no access would have an effect. Activate it there first.`,
  )
