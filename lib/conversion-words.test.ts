import { expect, it } from 'vitest'
import { conversionPlan } from './conversion-words'
import { DAY, HOUR } from './domain/duration'

const now = new Date('2026-11-12T09:00:00Z')
const planned = {
  entitlement: 'prod_read',
  application: 'Data warehouse',
  startAt: new Date('2026-11-15T09:00:00Z'),
  people: [{ name: 'Ana Oliveira', account: 'ana', endsAt: new Date('2026-11-30T17:00:00Z') }],
  noticeSeconds: [DAY],
  lengths: [6 * HOUR, DAY],
  locked: [],
  paused: false,
  now,
  zone: 'Europe/Berlin',
}

it('says what happens when, and which mails go out', () => {
  const plan = conversionPlan(planned)
  expect(plan.sentences[1]).toMatch(
    /^On .*10:00.*, Ana Oliveira keeps prod_read on Data warehouse, and from then on it is a lease\./,
  )
  expect(plan.sentences[3]).toBe(
    'Afterwards it is asked for like everybody else does: for 6 hours and 1 day.',
  )
  expect(plan.mails[1]).toBe('Ana Oliveira: 1 day before the end, the usual notice.')
  expect(plan.warnings).toEqual([])
})

it('warns of who may not ask again, and of a stop', () => {
  const { warnings, sentences } = conversionPlan({
    ...planned,
    locked: ['Ana Oliveira'],
    paused: true,
    startAt: now,
  })
  expect(warnings[0]).toContain('does not let Ana Oliveira ask for it')
  expect(warnings[1]).toContain('Giving is stopped')
  expect(sentences[1]).toMatch(/^Now, /)
})
