import { describe, expect, it } from 'vitest'
import { editForm, reassignForm } from './deciding'
import { decideForm } from './people'

const requestId = '0192d3a4-0000-7000-8000-000000000001'

describe('a decision’s later start', () => {
  const sent = { requestId, verdict: 'approve', version: 1, seconds: 3_600 }
  it('is read on the wall clock of the reader’s zone', () => {
    const form = decideForm.parse({ ...sent, startAt: '2026-11-13T08:00', zone: 'Europe/Berlin' })
    expect(form).toMatchObject({ startAt: new Date('2026-11-13T07:00:00Z'), note: null })
  })
  it('is left out where nothing was typed', () => {
    expect(decideForm.parse({ ...sent, zone: 'Europe/Berlin' })).not.toHaveProperty('startAt')
  })
  it.each([
    ['a day only', { startAt: '2026-11-13', zone: 'UTC' }],
    ['an unknown zone', { startAt: '2026-11-13T08:00', zone: 'Europe/Nowhere' }],
  ])('is refused as %s', (_name, more) => {
    expect(decideForm.safeParse({ ...sent, ...more }).success).toBe(false)
  })
})

describe('a change of what is asked for', () => {
  const sent = { requestId, seconds: 3_600, reason: 'INC-1', zone: 'Europe/Berlin' }
  it('keeps the seconds of a start that stays on its minute', () => {
    const kept = '2026-11-13T07:00:31.000Z'
    expect(editForm.parse({ ...sent, startAt: '2026-11-13T08:00', keptStart: kept }).startAt).toEqual(
      new Date(kept),
    )
    expect(editForm.parse({ ...sent, startAt: '2026-11-13T08:01', keptStart: kept }).startAt).toEqual(
      new Date('2026-11-13T07:01:00Z'),
    )
  })
  it('has no start where the field is empty', () => {
    expect(editForm.parse(sent)).toEqual({ requestId, seconds: 3_600, reason: 'INC-1', startAt: null })
  })
  it('wants a length unless the policy has none', () => {
    expect(editForm.safeParse({ ...sent, seconds: undefined }).success).toBe(false)
    expect(editForm.parse({ ...sent, seconds: undefined, permanent: true }).seconds).toBeNull()
  })
})

it.each([
  ['nobody', { personIds: [], reason: 'Away' }],
  ['eleven', { personIds: Array.from({ length: 11 }, () => requestId), reason: 'Away' }],
  ['no reason', { personIds: [requestId], reason: ' ' }],
])('reassigning is refused with %s', (_name, more) => {
  expect(reassignForm.safeParse({ requestId, ...more }).success).toBe(false)
})
