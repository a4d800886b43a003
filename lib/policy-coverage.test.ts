import { expect, it } from 'vitest'
import { DAY, HOUR } from './domain/duration'
import {
  type ApprovalStep,
  type AutomaticRule,
  blankPolicy,
  type DurationMode,
  stepsFor,
} from './domain/policy'
import { approvalIndex, type PolicyDirectory } from './policy-coverage'

const person = (id: string, managerId: string | null = null) => ({ id, name: id.toUpperCase(), managerId })
const directory: PolicyDirectory = {
  people: [person('ana', 'mira'), person('ravi'), person('mira'), person('jonas', 'mira')],
  groups: [{ id: 'leads', name: 'Leads', memberIds: ['jonas', 'mira'] }],
  applications: [
    { id: 'warehouse', name: 'Data warehouse', ownerIds: ['jonas'] },
    { id: 'orphan', name: 'Orphan', ownerIds: [] },
  ],
  adminIds: ['mira'],
}
const index = approvalIndex(directory)
const steps = (...list: ApprovalStep[]) => ({ requesters: blankPolicy.requesters, steps: list })
const manager: ApprovalStep = { approvers: [{ kind: 'manager' }], quorum: 1 }
const owners: ApprovalStep = { approvers: [{ kind: 'owners' }], quorum: 1 }

it('asks the live sets, without the one who asks', () => {
  expect(index.asked([manager, owners], 'ana', 'warehouse')).toEqual([['mira'], ['jonas']])
  expect(index.asked([owners], 'jonas', 'warehouse')).toEqual([[]])
})

it('counts those for whom a step is empty, and says which step', () => {
  const { eligible, blocked, hopeless } = index.coverage(steps(manager), ['warehouse'])
  expect(eligible).toBe(4)
  expect(blocked.map((b) => [b.personId, b.step])).toEqual([
    ['ravi', 0],
    ['mira', 0],
  ])
  expect(hopeless).toEqual([])
})

it('nobody counts twice: one person cannot stand for two steps', () => {
  const twice = steps(
    { approvers: [{ kind: 'person', id: 'jonas' }], quorum: 1 },
    { approvers: [{ kind: 'owners' }], quorum: 1 },
  )
  expect(index.coverage(twice, ['warehouse']).hopeless).toEqual([{ applicationId: 'warehouse', step: 1 }])
})

it('judges every application by its own owners', () => {
  expect(index.coverage(steps(owners), ['warehouse', 'orphan']).hopeless).toEqual([
    { applicationId: 'orphan', step: 0 },
  ])
})

it('asks only those who may ask', () => {
  const some = { requesters: { kind: 'some', groupIds: ['leads'], personIds: [] } as const, steps: [manager] }
  expect(index.eligible(some.requesters)).toEqual(['mira', 'jonas'])
  expect(index.coverage(some, ['warehouse']).blocked.map((b) => b.personId)).toEqual(['mira'])
})

it('counts whom a step could reach, the manager as one', () => {
  const mixed: ApprovalStep = { approvers: [{ kind: 'manager' }, { kind: 'group', id: 'leads' }], quorum: 1 }
  expect(index.pool(mixed, ['warehouse'])).toBe(3)
  expect(index.pool(owners, ['orphan'])).toBe(0)
  expect(index.pool(owners, [])).toBe(0)
})

it('counts two accounts of one person once, and lets neither agree to what the other asks for', () => {
  const twice = approvalIndex({
    ...directory,
    people: [...directory.people, { ...person('jonas2'), countsAs: 'jonas' }],
    groups: [{ id: 'leads', name: 'Leads', memberIds: ['jonas', 'jonas2'] }],
  })
  const leads: ApprovalStep = { approvers: [{ kind: 'group', id: 'leads' }], quorum: 2 }
  expect(twice.asked([leads], 'ana', 'warehouse')).toEqual([['jonas']])
  expect(twice.asked([leads, owners], 'jonas2', 'warehouse')).toEqual([[], []])
  expect(twice.pool(leads, ['warehouse'])).toBe(1)
  expect(twice.coverage(steps(leads), ['warehouse']).hopeless).toEqual([
    { applicationId: 'warehouse', step: 0 },
  ])
})

it('falls back to the owners, then the admins, without the one who asks', () => {
  expect(index.fallback('ana', 'warehouse')).toEqual({ owners: ['jonas'], admins: ['mira'] })
  expect(index.fallback('mira', 'orphan')).toEqual({ owners: [], admins: [] })
})

const noCondition: AutomaticRule = { groupIds: [], maxSeconds: null, maxRisk: null, heldWithinDays: null }
const by = (automatic: AutomaticRule | null, mode: DurationMode = 'just-in-time') => ({ automatic, mode })

it.each([
  ['nothing known is against it', { maxSeconds: 6 * HOUR }, 'ana', { never: null, maxSeconds: 6 * HOUR }],
  ['they are in the group', { groupIds: ['leads'] }, 'jonas', { never: null }],
  ['they are in no such group', { groupIds: ['leads'] }, 'ana', { never: 'groups' }],
  ['some of what is offered is harmless enough', { maxRisk: 'low' }, 'ana', { never: null, maxRisk: 'low' }],
  ['all of what is offered is harmless enough', { maxRisk: 'medium' }, 'ana', { never: null, maxRisk: null }],
  ['it depends on what they held', { heldWithinDays: 30 }, 'ana', { never: null, heldWithinDays: 30 }],
] as const)('says of the automatic rule whether %s', (_, part, who, outlook) => {
  expect(index.automatic(by({ ...noCondition, ...part }), who, ['low', 'medium'])).toMatchObject(outlook)
})

it('says that the automatic rule never covers what is too risky or has no length, and nothing where there is none', () => {
  const rule: AutomaticRule = { ...noCondition, maxSeconds: DAY, maxRisk: 'low' }
  expect(index.automatic(by(rule), 'ana', ['high'])).toEqual({ never: 'risk' })
  expect(index.automatic(by(rule, 'permanent'), 'ana', ['low'])).toEqual({ never: 'length' })
  expect(index.automatic(by(null), 'ana', ['high'])).toBeNull()
})

it.each(['same', 'first', 'automatic'] as const)(
  'whoever can be agreed to can be agreed to more time as well (%s)',
  (how) => {
    const people: ApprovalStep = { approvers: [{ kind: 'group', id: 'leads' }], quorum: 1 }
    for (const flow of [[manager, people], [people, owners], [manager], [owners, manager, people]]) {
      const blocked = (some: readonly ApprovalStep[]) =>
        index.coverage({ requesters: blankPolicy.requesters, steps: some }, ['warehouse', 'orphan']).blocked
      const extensionApproval = { how, automaticSeconds: 6 * HOUR }
      const asking = blocked(flow).map((b) => b.personId)
      const extending = blocked(stepsFor({ steps: flow, extensionApproval }, 'extension'))
      expect(extending.filter((b) => !asking.includes(b.personId))).toEqual([])
    }
  },
)
