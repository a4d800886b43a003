import 'server-only'
import { z } from 'zod'
import { type ConnectorEntitlement, ConnectorError, type ListedEntitlement, type Page } from '../contract'
import { type Ctx, find, findAll, findPage } from './api'

export const oktaGroup = z.object({
  id: z.string().min(1),
  type: z.string(),
  profile: z.object({ name: z.string().min(1), description: z.string().nullish() }),
})
export type OktaGroup = z.infer<typeof oktaGroup>

const groupRule = z.object({
  name: z.string(),
  status: z.string(),
  actions: z
    .object({ assignUserToGroups: z.object({ groupIds: z.array(z.string()).nullish() }).nullish() })
    .nullish(),
})

/** The active rules by the group they put people into: its id, and the rule's name. */
export type Rules = ReadonlyMap<string, string>

/**
 * Reads the group rules: nothing of a group or of a membership says that a rule stands behind it.
 * @throws ConnectorError `auth` where our role may not read them; without them no group is known to be ours
 */
export async function readRules(ctx: Ctx): Promise<Rules> {
  const rules = (await findAll(ctx, groupRule, '/api/v1/groups/rules')) ?? []
  return new Map(
    rules
      .filter(({ status }) => status === 'ACTIVE')
      .flatMap(({ name, actions }) =>
        (actions?.assignUserToGroups?.groupIds ?? []).map((group) => [group, name] as const),
      ),
  )
}

/** Who sets the members of a group that is not Okta's own, for people; null where we may. */
export function setElsewhere(type: string): string | null {
  switch (type) {
    case 'OKTA_GROUP':
      return null
    case 'APP_GROUP':
      return 'the application or directory it is imported from'
    case 'BUILT_IN':
      return 'Okta itself'
    default:
      return `something Leasehold does not know (${type})`
  }
}

export const ruleWords = (rule: string) =>
  `The group rule “${rule}” puts people into it, and whoever is taken out by hand stays on the rule’s list of exceptions.`

/** Why a group's members are not ours to set, or null where they are. */
export function unmanagedBecause({ id, type }: OktaGroup, rules: Rules): string | null {
  const elsewhere = setElsewhere(type)
  if (elsewhere) return `Its members are set by ${elsewhere}.`
  const rule = rules.get(id)
  return rule === undefined ? null : ruleWords(rule)
}

export const groupPath = (id: string) => `/api/v1/groups/${encodeURIComponent(id)}`

/** @throws ConnectorError `entitlement_missing` */
export async function needGroup(ctx: Ctx, { id, name }: ConnectorEntitlement): Promise<OktaGroup> {
  const found = await find(ctx, oktaGroup, groupPath(id))
  if (found) return found.value
  throw new ConnectorError('entitlement_missing', `The group “${name}” no longer exists in Okta.`)
}

export async function groupsPage(ctx: Ctx, cursor: string | null): Promise<Page<OktaGroup>> {
  const page = await findPage(ctx, oktaGroup, '/api/v1/groups', cursor)
  if (page) return page
  throw new ConnectorError('misconfigured', 'Okta has no groups at this address.')
}

export async function listEntitlements(
  ctx: Ctx,
  { cursor }: { cursor: string | null },
): Promise<Page<ListedEntitlement>> {
  const { items, next } = await groupsPage(ctx, cursor)
  const rules = await readRules(ctx)
  return {
    items: items.map((group) => {
      const reason = unmanagedBecause(group, rules)
      const { name, description } = group.profile
      return {
        id: group.id,
        name,
        ...(description ? { description } : {}),
        requestable: reason === null,
        ...(reason ? { reason } : {}),
      }
    }),
    next,
  }
}
