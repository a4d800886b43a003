/** Accounts of people: found by a filter where the server takes one, and by reading all users where not. */
import 'server-only'
import { ConnectorError, type ConnectorPerson, type ResolveResult } from '../contract'
import { ask, type Ctx, pathOf } from './client'
import type { ScimConfig } from './config'
import { type Listed, listPage } from './paging'
import { accountOf, filterValue, type User, userShape } from './resources'

type Attribute = ScimConfig['matchBy']

/** More would not help whoever has to choose. */
const MOST_FOUND = 10

/** RFC 7643: `userName` is compared without regard to case, and so are addresses in practice. */
function matches(user: User, attribute: Attribute, wanted: string): boolean {
  const texts = attribute === 'userName' ? [user.userName] : user.emails.map((email) => email.value)
  return texts.some((text) => text?.toLowerCase() === wanted.toLowerCase())
}

/** Whether the server itself can look for people: it refuses filters, ignores them, or does as it is told. */
export type Filtering = 'works' | 'refused' | 'ignored'

interface Filtered {
  filtering: Filtering
  users: User[]
}

async function byFilter(ctx: Ctx, attribute: Attribute, text: string): Promise<Filtered> {
  const users = new Map<string, User>()
  let cursor: string | null = null
  do {
    const filter = `${attribute} eq ${filterValue(text)}`
    const page: Listed<User> | null = await listPage(
      ctx,
      { kind: 'Users', shape: userShape, filter },
      cursor,
    ).catch((error: unknown) => {
      if (error instanceof ConnectorError && ['rejected', 'misconfigured'].includes(error.code)) return null
      throw error
    })
    if (!page) return { filtering: 'refused', users: [] }
    if (page.items.some((user) => !matches(user, attribute, text))) return { filtering: 'ignored', users: [] }
    const fresh: User[] = page.items.filter((user) => !users.has(user.id))
    for (const user of fresh) users.set(user.id, user)
    const whole: boolean =
      page.items.length < ctx.config.pageSize && page.total !== null && page.total <= users.size
    cursor = whole || fresh.length === 0 ? null : page.next
  } while (cursor !== null && users.size < MOST_FOUND)
  return { filtering: 'works', users: [...users.values()] }
}

async function byReadingAll(ctx: Ctx, attributes: readonly Attribute[], text: string): Promise<User[]> {
  const seen = new Set<string>()
  const found: User[] = []
  let cursor: string | null = null
  do {
    const page: Listed<User> = await listPage(ctx, { kind: 'Users', shape: userShape }, cursor)
    const fresh = page.items.filter((user) => !seen.has(user.id))
    for (const user of fresh) {
      seen.add(user.id)
      if (attributes.some((attribute) => matches(user, attribute, text))) found.push(user)
    }
    cursor = fresh.length === 0 ? null : page.next
  } while (cursor !== null && found.length < MOST_FOUND)
  return found
}

/** Users one of whose attributes is exactly this text. */
async function usersBy(ctx: Ctx, attributes: readonly Attribute[], text: string): Promise<User[]> {
  const found = new Map<string, User>()
  for (const attribute of attributes) {
    const { filtering, users } = await byFilter(ctx, attribute, text)
    if (filtering !== 'works') return byReadingAll(ctx, attributes, text)
    for (const user of users) found.set(user.id, user)
  }
  return [...found.values()]
}

/** What the server makes of a filter that nobody fits. */
export async function filteringOf(ctx: Ctx): Promise<Filtering> {
  const nobody = `nobody-${ctx.operationId}`
  return (await byFilter(ctx, ctx.config.matchBy, nobody)).filtering
}

export async function resolveAccount(
  ctx: Ctx,
  { person }: { person: ConnectorPerson },
): Promise<ResolveResult> {
  const users = await usersBy(ctx, [ctx.config.matchBy], person.email)
  const candidates = users.filter((user) => user.active).map(accountOf)
  const [account, second] = candidates
  if (second) return { kind: 'ambiguous', candidates }
  if (account) return { kind: 'found', account }
  const [inactive] = users
  if (!inactive) return { kind: 'missing' }
  throw new ConnectorError('principal_missing', `“${accountOf(inactive).name}” is deactivated in the target.`)
}

/** By id, login or address; deactivated accounts are not offered. */
export async function findAccount(ctx: Ctx, { text }: { text: string }) {
  const users = await usersBy(ctx, ['userName', 'emails.value'], text)
  const byId = /^\.{0,2}$/.test(text) ? null : await userById(ctx, text)
  if (byId && !users.some((user) => user.id === byId.id)) users.push(byId)
  return users.filter((user) => user.active).map(accountOf)
}

/** What somebody typed may be no id at all, which servers say in more ways than with a 404. */
async function userById(ctx: Ctx, text: string): Promise<User | null> {
  const answer = await ask(ctx, { method: 'GET', path: pathOf('Users', text) })
  const result = userShape.safeParse(answer.body)
  return answer.status === 200 && result.success && result.data.id === text ? result.data : null
}
