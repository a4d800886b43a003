import { describe, expect, it } from 'vitest'
import { HOUR } from '@/lib/domain/duration'
import { blankPolicy, type PolicyDefinition } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { createPolicyInput, replacePolicyInput, saveDraftForm } from './policy-input'

describe('what a form sends', () => {
  const form = { policyId: newId(), version: '3', name: ' Production read ', description: '' }

  it('reads the definition as JSON and drops what does not belong there', () => {
    const text = JSON.stringify({ ...blankPolicy, publishedBy: 'me' })
    const read = saveDraftForm.parse({ ...form, definition: text })
    expect(read).toMatchObject({ name: 'Production read', description: null, version: 3 })
    expect(read.definition).toEqual(blankPolicy)
  })

  it('carries every new part, finished or not', () => {
    const full: PolicyDefinition = {
      ...blankPolicy,
      steps: [{ approvers: [{ kind: 'owners' }], quorum: 1, escalateSeconds: 0 }],
      automatic: { groupIds: [newId()], maxSeconds: 0, maxRisk: 'medium', heldWithinDays: null },
      extensionApproval: { how: 'automatic', automaticSeconds: 0 },
      graceSeconds: HOUR,
      reminders: [],
      emergency: { allowed: true, seconds: 0 },
    }
    expect(saveDraftForm.parse({ ...form, definition: JSON.stringify(full) }).definition).toEqual(full)
  })

  const step = { approvers: [{ kind: 'owners' }], quorum: 1 }
  const rule = { groupIds: [], maxSeconds: null, maxRisk: null, heldWithinDays: null }
  it.each([
    '',
    'no json',
    '{}',
    ...[
      { mode: 'forever' },
      { steps: [{ ...step, escalateSeconds: -1 }] },
      { steps: [{ ...step, escalateSeconds: 1.5 }] },
      { steps: [{ ...step, escalateSeconds: null }] },
      { automatic: true },
      { automatic: {} },
      { automatic: { ...rule, groupIds: ['everybody'] } },
      { automatic: { ...rule, maxSeconds: 'long' } },
      { automatic: { ...rule, maxRisk: 'none' } },
      { automatic: { ...rule, heldWithinDays: -1 } },
      { extensionApproval: { how: 'never', automaticSeconds: 0 } },
      { extensionApproval: { how: 'same' } },
      { graceSeconds: -1 },
      { graceSeconds: null },
      { reminders: ['50'] },
      { reminders: [1, 2, 3, 4, 5, 6] },
      { reminders: [-1] },
      { emergency: true },
      { emergency: { allowed: 'yes', seconds: 1 } },
    ].map((part) => JSON.stringify({ ...blankPolicy, ...part })),
  ])('refuses %j', (definition) => {
    expect(saveDraftForm.safeParse({ ...form, definition }).success).toBe(false)
  })

  it('drops what no part of a step has, such as the rule of a separation', () => {
    const text = JSON.stringify({ ...blankPolicy, steps: [{ ...step, separationId: newId() }] })
    expect(saveDraftForm.parse({ ...form, definition: text }).definition.steps).toEqual([step])
  })

  it('lets requests lapse by a ticked box only', () => {
    const box = { policyId: form.policyId, version: '3' }
    expect(replacePolicyInput.parse(box).lapsePending).toBe(false)
    expect(replacePolicyInput.parse({ ...box, lapsePending: 'on' }).lapsePending).toBe(true)
    expect(replacePolicyInput.safeParse({ ...box, lapsePending: 'maybe' }).success).toBe(false)
  })

  it('wants a name', () => {
    expect(createPolicyInput.safeParse({ name: '   ' }).error?.issues[0]?.message).toBe(
      'Give the policy a name',
    )
  })
})
