/** Users, groups and lists of them (RFC 7643), read with patience for servers that bend the types. */
import 'server-only'
import { z } from 'zod'
import type { ConnectorAccount } from '../contract'
import { oneLine } from '../http'

/** Ids are text; some servers send numbers. One that would lead out of its folder is none. */
const id = z
  .union([z.string().min(1).max(500), z.number()])
  .transform(String)
  .refine((text) => text !== '.' && text !== '..')

const text = z.string().nullish()

/** Some servers send "True" for true. */
const flag = z
  .union([z.boolean(), z.string().transform((word) => word.toLowerCase() !== 'false')])
  .nullish()
  .transform((value) => value !== false)

const values = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((all) => all ?? [])

const member = z.object({ value: id, display: text, type: text, $ref: text })

export const userShape = z.object({
  id,
  userName: text,
  displayName: text,
  active: flag,
  emails: values(z.object({ value: text, primary: z.unknown().optional() })),
  groups: values(z.object({ value: id, display: text, type: text })),
})

export const groupShape = z.object({
  id,
  displayName: text,
  externalId: text,
  members: values(member),
  meta: z.object({ version: text }).nullish(),
})

/** Resources are judged one by one, so that a list with one odd entry is still a list. */
export const listShape = z.object({
  Resources: values(z.unknown()),
  totalResults: z.number().nullish(),
})

export const errorShape = z.object({ scimType: text, detail: text })

export type User = z.infer<typeof userShape>
export type Member = z.infer<typeof member>
export type Group = z.infer<typeof groupShape>

export function accountOf(user: User): ConnectorAccount {
  const email = (user.emails.find((one) => one.primary === true) ?? user.emails[0])?.value
  return {
    id: user.id,
    name: oneLine(user.userName || user.displayName || email || user.id),
    ...(email ? { email } : {}),
  }
}

export const groupName = (group: Pick<Group, 'id' | 'displayName'>) => oneLine(group.displayName || group.id)

/** Whether a member is a group: by its type, else by where its reference leads (RFC 7643 section 4.2). */
export const isGroup = ({ type, $ref }: Member) =>
  type ? type.toLowerCase() === 'group' : /\/Groups\/[^/]+$/i.test($ref ?? '')

/** Direct membership by id, whatever type the server says. */
export const hasMember = (group: Group, accountId: string) =>
  group.members.some((one) => one.value === accountId)

/** A text as a value in a filter: a JSON string, so quotes and backslashes are escaped (RFC 7644 section 3.4.2.2). */
export const filterValue = (value: string) => JSON.stringify(value)
