import { GROUP, isObject, type Json, read } from './attributes'
import { bad } from './errors'
import type { PatchShape } from './patch'
import { line } from './user'

/** A group as a client wants it. */
export interface GroupInput {
  readonly name: string
  /** Undefined: it says nothing about it. */
  readonly externalId: string | null | undefined
  /** Ids of people and groups; null: it says nothing about them. */
  readonly memberIds: readonly string[] | null
}

/** Somebody or something in a group. */
export interface GroupMemberRow {
  readonly id: string
  readonly name: string
  readonly type: 'User' | 'Group'
}

/** A group as its client sees it. */
export interface GroupRow {
  readonly id: string
  readonly name: string
  readonly externalId: string | null
  /** Null: not asked for. */
  readonly members: readonly GroupMemberRow[] | null
  readonly createdAt: Date
  readonly changedAt: Date
}

export const groupShape: PatchShape = {
  names: { displayname: 'displayName', externalid: 'externalId', members: 'members' },
  complex: new Set(),
  lists: new Set(['members']),
  readOnly: new Set(['id', 'meta', 'schemas']),
  notKept: new Set(),
}

/** A group as JSON, without its `meta`. */
export function groupResource(row: GroupRow, base: string): Json {
  return {
    schemas: [GROUP],
    id: row.id,
    ...(row.externalId && { externalId: row.externalId }),
    displayName: row.name,
    ...(row.members && {
      members: row.members.map(({ id, name, type }) => ({
        value: id,
        display: name,
        type,
        $ref: `${base}/${type}s/${id}`,
      })),
    }),
  }
}

/** Reads a group as a client sent it, whole or patched. @throws {ScimError} `invalidValue` or `invalidSyntax` */
export function readGroup(body: unknown): GroupInput {
  if (!isObject(body)) throw bad('invalidSyntax', 'A group is a JSON object.')
  const name = line(read(body, 'displayName'), 'displayName', 200)
  if (!name) throw bad('invalidValue', 'A group needs a “displayName”.')
  const externalId = read(body, 'externalId')
  const members = read(body, 'members')
  if (members !== undefined && members !== null && !Array.isArray(members))
    throw bad('invalidValue', '“members” is a list.')
  return {
    name,
    externalId: externalId === undefined ? undefined : line(externalId, 'externalId', 200),
    memberIds: Array.isArray(members) ? [...new Set(members.map(idOf))] : null,
  }
}

function idOf(member: unknown): string {
  const value = isObject(member) ? read(member, 'value') : member
  if (typeof value === 'string' && value !== '') return value.toLowerCase()
  throw bad('invalidValue', 'A member has a “value”: the id of a user or a group.')
}
