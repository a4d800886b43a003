import 'server-only'
import type { Result } from '@/lib/domain/errors'
import { isUuid } from '@/lib/ids'
import { scimGroupOf, scimGroups, scimUser, scimUsers } from '@/lib/queries/scim'
import { createScimGroup, deleteScimGroup, updateScimGroup } from '@/lib/services/scim-groups'
import { createScimUser, deleteScimUser, updateScimUser } from '@/lib/services/scim-users'
import type { Json } from './attributes'
import { resourceTypes, schemas, serviceProviderConfig } from './discovery'
import type { Answer, Asked } from './door'
import { notFound, ScimError, scimErrorOf } from './errors'
import { parseFilter } from './filter'
import { type GroupRow, groupResource, groupShape, readGroup } from './group'
import { patched } from './patch'
import {
  isShown,
  listResponse,
  namesVersion,
  pageAsked,
  projected,
  shownBy,
  versionOf,
  withMeta,
} from './resource'
import { readUser, type UserRow, userResource, userShape } from './user'

/** The acts of this protocol, one per method and path. Source: RFC 7644, section 3. */
export async function listUsers({ ctx, caller, base, query }: Asked): Promise<Answer> {
  const page = pageAsked(query)
  const { rows, total } = await scimUsers(ctx.db, caller.clientId, { page, filter: filterOf(query) })
  const shown = shownBy(query)
  const body = listResponse(
    rows.map((row) => projected(whole('User', row, userResource(row, base), base), shown)),
    total,
    page.startIndex,
  )
  return { status: 200, body }
}

export async function readOneUser(asked: Asked): Promise<Answer> {
  const { ctx, caller, base, id } = asked
  const row = isUuid(id) ? await scimUser(ctx.db, caller.clientId, id) : null
  if (!row) throw notFound('user')
  return one(asked, 'User', row, userResource(row, base), 200)
}

export async function createUser(asked: Asked): Promise<Answer> {
  const { ctx, caller, base, body } = asked
  const row = must(await createScimUser(ctx, caller, readUser(body)))
  return one(asked, 'User', row, userResource(row, base), 201)
}

export async function replaceUser(asked: Asked): Promise<Answer> {
  return changeUser(asked, (current) => readUser(asked.body, current))
}

export async function patchUser(asked: Asked): Promise<Answer> {
  const { base, body } = asked
  return changeUser(asked, (current) => {
    const before = userResource(current, base)
    const after = readUser(patched(before, body, userShape), current)
    // What was there and is not any more was taken away, which says something about it too.
    const was = readUser(before, current)
    return { ...after, said: was.said.filter((key) => was[key] !== after[key]).concat(newly(after, was)) }
  })
}

const newly = (after: ReturnType<typeof readUser>, was: ReturnType<typeof readUser>) =>
  after.said.filter((key) => !was.said.includes(key))

async function changeUser(asked: Asked, edit: Parameters<typeof updateScimUser>[3]): Promise<Answer> {
  const { ctx, caller, base, id } = asked
  const changed = await updateScimUser(ctx, caller, id, (current) => {
    onVersion(asked, userResource(current, base))
    return edit(current)
  })
  const row = must(changed)
  return one(asked, 'User', row, userResource(row, base), 200)
}

export async function deleteUser(asked: Asked): Promise<Answer> {
  const { ctx, caller, base, id } = asked
  const check = (current: UserRow) => onVersion(asked, userResource(current, base))
  must(await deleteScimUser(ctx, caller, id, check))
  return { status: 204 }
}

export async function listGroups({ ctx, caller, base, query }: Asked): Promise<Answer> {
  const page = pageAsked(query)
  const shown = shownBy(query)
  const members = isShown(shown, 'members')
  const { rows, total } = await scimGroups(ctx.db, caller.clientId, {
    page,
    filter: filterOf(query),
    members,
  })
  const body = listResponse(
    rows.map((row) => projected(groupWhole(row, base), shown)),
    total,
    page.startIndex,
  )
  return { status: 200, body }
}

export async function readOneGroup(asked: Asked): Promise<Answer> {
  const { ctx, caller, base, id, query } = asked
  const members = isShown(shownBy(query), 'members')
  const row = isUuid(id) ? await scimGroupOf(ctx.db, caller.clientId, id, members) : null
  if (!row) throw notFound('group')
  return one(asked, 'Group', row, groupResource(row, base), 200)
}

export async function createGroup(asked: Asked): Promise<Answer> {
  const { ctx, caller, base, body } = asked
  const row = must(await createScimGroup(ctx, caller, readGroup(body)))
  return one(asked, 'Group', row, groupResource(row, base), 201)
}

export async function replaceGroup(asked: Asked): Promise<Answer> {
  const row = await changeGroup(asked, () => {
    const input = readGroup(asked.body)
    // It is this client's own: what it does not say any more is gone. Who is in it is changed only by saying who.
    return { ...input, externalId: input.externalId ?? null }
  })
  return one(asked, 'Group', row, groupResource(row, asked.base), 200)
}

/** Answers without the group, which may be long, unless the client asks for parts of it. */
export async function patchGroup(asked: Asked): Promise<Answer> {
  const row = await changeGroup(asked, (current) => {
    const after = patched(groupResource(current, asked.base), asked.body, groupShape)
    const input = readGroup(after)
    // Of a whole group nothing is left unsaid: what is not there any more was taken away.
    return { ...input, externalId: input.externalId ?? null, memberIds: input.memberIds ?? [] }
  })
  if (!asked.query.has('attributes')) return { status: 204 }
  return one(asked, 'Group', row, groupResource(row, asked.base), 200)
}

async function changeGroup(asked: Asked, edit: Parameters<typeof updateScimGroup>[3]): Promise<GroupRow> {
  const { ctx, caller, base, id } = asked
  const changed = await updateScimGroup(ctx, caller, id, (current) => {
    onVersion(asked, groupResource(current, base))
    return edit(current)
  })
  return must(changed)
}

export async function deleteGroup(asked: Asked): Promise<Answer> {
  const { ctx, caller, base, id } = asked
  const check = (current: GroupRow) => onVersion(asked, groupResource(current, base))
  must(await deleteScimGroup(ctx, caller, id, check))
  return { status: 204 }
}

export async function readConfig({ base }: Asked): Promise<Answer> {
  return { status: 200, body: serviceProviderConfig(base) }
}

export const listResourceTypes = ({ base }: Asked) => discovered(resourceTypes(base))
export const readResourceType = (asked: Asked) => discoveredOne(resourceTypes(asked.base), asked.id)
export const listSchemas = ({ base }: Asked) => discovered(schemas(base))
export const readSchema = (asked: Asked) => discoveredOne(schemas(asked.base), asked.id)

async function discovered(all: readonly Json[]): Promise<Answer> {
  return { status: 200, body: listResponse(all, all.length) }
}

async function discoveredOne(all: readonly Json[], id: string): Promise<Answer> {
  const found = all.find((each) => each.id === decodeURIComponent(id))
  if (!found) throw notFound('description')
  return { status: 200, body: found }
}

/** Whatever else is asked for under this address. */
export async function nothingHere(): Promise<Answer> {
  throw new ScimError(404, 'There is nothing at this address.')
}

function filterOf(query: URLSearchParams) {
  const text = query.get('filter')
  return text === null || text.trim() === '' ? undefined : parseFilter(text)
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw scimErrorOf(result)
  return result.value
}

/** Refuses a change that was meant for another version. Source: RFC 7644, section 3.14. */
function onVersion({ ifMatch }: Asked, current: Json): void {
  if (ifMatch !== null && !namesVersion(ifMatch, versionOf(current)))
    throw new ScimError(412, 'It was changed since that version. Read it again.')
}

function whole(type: 'User' | 'Group', row: UserRow | GroupRow, resource: Json, base: string): Json {
  const { createdAt, changedAt, id } = row
  return withMeta(resource, { type, createdAt, changedAt, location: `${base}/${type}s/${id}` })
}

/** A group whose members were not read has no version: a version is one of all it says. */
function groupWhole(row: GroupRow, base: string): Json {
  const resource = whole('Group', row, groupResource(row, base), base)
  if (row.members !== null) return resource
  const { version: _, ...meta } = resource.meta as Json
  return { ...resource, meta }
}

function one(
  asked: Asked,
  type: 'User' | 'Group',
  row: UserRow | GroupRow,
  resource: Json,
  status: 200 | 201,
): Answer {
  const { base, query, ifNoneMatch } = asked
  const body = 'members' in row ? groupWhole(row, base) : whole(type, row, resource, base)
  const { version, location } = body.meta as { version?: string; location: string }
  const headers = { ...(version && { ETag: version }), ...(status === 201 && { Location: location }) }
  if (version && status === 200 && asked.body === undefined && ifNoneMatch !== null)
    if (namesVersion(ifNoneMatch, version)) return { status: 304, headers }
  return { status, body: projected(body, shownBy(query)), headers }
}
