import type { Ctx } from '@/lib/context'
import { DAY, HOUR, type Preset } from '@/lib/domain/duration'
import { type ApproverRef, blankPolicy, type PolicyDefinition } from '@/lib/domain/policy'
import { createPolicy, publishPolicy, saveDraft } from '@/lib/services/policies'
import { must } from './must'

interface Plan {
  /** What was published before, where there is a history. */
  readonly before?: PolicyDefinition
  readonly name: string
  readonly description: string
  readonly definition: PolicyDefinition
}

const sixHours: Preset = { seconds: 6 * HOUR, noticeSeconds: HOUR }
const oneDay: Preset = { seconds: DAY, noticeSeconds: 4 * HOUR }
const managerOrOwner: ApproverRef[] = [{ kind: 'manager' }, { kind: 'owners' }]

function policies(entitlements: ReadonlyMap<string, string>, groups: ReadonlyMap<string, string>): Plan[] {
  const things = (...names: string[]) => names.map((name) => entitlements.get(name) ?? '')
  const some = (...names: string[]) => ({
    kind: 'some' as const,
    groupIds: names.map((name) => groups.get(name) ?? ''),
    personIds: [],
  })
  const rules = { ...blankPolicy, presets: [sixHours, oneDay] }
  const twice = { allowed: true, maxCount: 2, maxTotalSeconds: 5 * DAY }
  return [
    {
      name: 'Production read',
      description: 'Looking at production data, for those who fix it.',
      definition: {
        ...rules,
        entitlementIds: things('prod_read'),
        requesters: some('Data engineering', 'Analytics', 'Payments engineering', 'Operations'),
        steps: [{ approvers: managerOrOwner, quorum: 1 }],
        extension: twice,
      },
    },
    {
      name: 'Production write',
      description: 'Changing production data by hand. Two people have to agree.',
      definition: {
        ...rules,
        entitlementIds: things('prod_write'),
        requesters: some('Data engineering', 'Payments engineering'),
        steps: [
          { approvers: [{ kind: 'manager' }], quorum: 1 },
          {
            approvers: [{ kind: 'owners' }, { kind: 'group', id: groups.get('Operations') ?? '' }],
            quorum: 1,
          },
        ],
        maxSeconds: DAY,
        extension: { allowed: true, maxCount: 1, maxTotalSeconds: 2 * DAY },
      },
    },
    {
      name: 'Analytics read',
      description: 'Numbers without people in them.',
      before: {
        ...rules,
        entitlementIds: things('analytics_read'),
        steps: [{ approvers: [{ kind: 'owners' }], quorum: 1 }],
      },
      definition: {
        ...rules,
        entitlementIds: things('analytics_read'),
        steps: [{ approvers: managerOrOwner, quorum: 1 }],
        presets: [sixHours, oneDay, { seconds: 3 * DAY, noticeSeconds: 12 * HOUR }],
        extension: twice,
      },
    },
    {
      name: 'Finance close',
      description: 'The ledger, around the end of a month.',
      definition: {
        ...rules,
        entitlementIds: things('finance_read'),
        requesters: some('Finance'),
        steps: [{ approvers: managerOrOwner, quorum: 1 }],
      },
    },
    {
      name: 'Reporting',
      description: 'The monthly report, for whoever has to read it.',
      definition: {
        ...rules,
        entitlementIds: things('reporting_read'),
        reasonRequired: false,
        mode: 'permanent',
        steps: [{ approvers: managerOrOwner, quorum: 1 }],
      },
    },
    {
      name: 'Stripe by hand',
      description: 'Refunds and look-ups in Stripe, given and taken by Payments operations.',
      definition: {
        ...rules,
        entitlementIds: things('Refunds', 'Support view'),
        steps: [{ approvers: managerOrOwner, quorum: 1 }],
        extension: twice,
      },
    },
  ]
}

/** Publishes Halden's policies through the editor's own verbs. */
export async function publishPolicies(
  admin: Ctx,
  entitlements: ReadonlyMap<string, string>,
  groups: ReadonlyMap<string, string>,
): Promise<void> {
  for (const plan of policies(entitlements, groups)) await publish(admin, plan)
}

async function publish(ctx: Ctx, { name, description, before, definition }: Plan): Promise<void> {
  const created = must(await createPolicy(ctx, { name, description }))
  const { policyId } = created
  let { version } = created
  for (const next of before ? [before, definition] : [definition]) {
    const saved = must(await saveDraft(ctx, { policyId, version, name, description, definition: next }))
    version = must(await publishPolicy(ctx, { policyId, version: saved.version })).version
  }
}
