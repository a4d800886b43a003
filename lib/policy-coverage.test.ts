import { expect, it } from 'vitest'
import { type ApprovalStep, blankPolicy } from './domain/policy'
import { approvalIndex, type PolicyDirectory } from './policy-coverage'

const person = (id: string, managerId: string | null = null) => ({ id, name: id.toUpperCase(), managerId })
const directory: PolicyDirectory = {
  people: [person('ana', 'mira'), person('ravi'), person('mira'), person('jonas', 'mira')],
  groups: [{ id: 'leads', name: 'Leads', memberIds: ['jonas', 'mira'] }],
  applications: [
    { id: 'warehouse', name: 'Data warehouse', ownerIds: ['jonas'] },
    { id: 'orphan', name: 'Orphan', ownerIds: [] },
  ],
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
