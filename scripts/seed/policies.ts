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

type Ids = ReadonlyMap<string, string>

function policies({ entitlements, groups, people }: { entitlements: Ids; groups: Ids; people: Ids }): Plan[] {
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
        steps: [{ approvers: managerOrOwner, quorum: 1, escalateSeconds: 8 * HOUR }],
        extension: twice,
        graceSeconds: HOUR,
        emergency: { allowed: true, seconds: 6 * HOUR },
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
        extensionApproval: { how: 'first', automaticSeconds: 6 * HOUR },
        emergency: { allowed: true, seconds: 6 * HOUR },
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
      name: 'Bookings',
      description: 'Booking in the ledger by hand: the manager, then two of the change board.',
      definition: {
        ...rules,
        entitlementIds: things('ledger_write'),
        steps: [
          { approvers: [{ kind: 'manager' }], quorum: 1 },
          {
            approvers: [{ kind: 'group', id: groups.get('Change board') ?? '' }],
            quorum: 2,
            escalateSeconds: 4 * HOUR,
          },
        ],
        maxSeconds: DAY,
      },
    },
    {
      name: 'Board pack',
      description: 'What the board reads; legal says who reads it before.',
      definition: {
        ...rules,
        entitlementIds: things('board_read'),
        steps: [{ approvers: [{ kind: 'person', id: people.get('hugo') ?? '' }], quorum: 1 }],
        extension: { allowed: true, maxCount: 1, maxTotalSeconds: 2 * DAY },
        extensionApproval: { how: 'automatic', automaticSeconds: 6 * HOUR },
        automatic: {
          groupIds: [groups.get('Finance') ?? ''],
          maxSeconds: 6 * HOUR,
          maxRisk: null,
          heldWithinDays: null,
        },
      },
    },
    {
      name: 'Stripe webhooks',
      description: 'Where events go, said by the release managers.',
      definition: {
        ...rules,
        entitlementIds: things('Webhooks'),
        steps: [{ approvers: [{ kind: 'group', id: groups.get('Release managers') ?? '' }], quorum: 1 }],
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
        entitlementIds: things('Refunds', 'Payouts', 'Support view'),
        steps: [{ approvers: managerOrOwner, quorum: 1 }],
        extension: twice,
      },
    },
  ]
}

/** Publishes Halden's policies through the editor's own verbs. */
export async function publishPolicies(
  admin: Ctx,
  ids: { entitlements: Ids; groups: Ids; people: Ids },
): Promise<void> {
  for (const plan of policies(ids)) await publish(admin, plan)
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
