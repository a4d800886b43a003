import { expect, it } from 'vitest'
import { awayForm } from './away'

const ben = '01926f5e-0000-7000-8000-000000000001'
const ana = '01926f5e-0000-7000-8000-000000000002'
const tom = '01926f5e-0000-7000-8000-000000000003'
const sent = {
  personId: ben,
  substituteId: ana,
  endsAt: '2026-11-16T09:00',
  zone: 'Europe/Berlin',
}

it('reads the times on the wall clock of the zone; no start is now', () => {
  expect(awayForm.parse(sent)).toEqual({
    personId: ben,
    substituteId: ana,
    startsAt: null,
    endsAt: new Date('2026-11-16T08:00:00Z'),
  })
  expect(awayForm.parse({ ...sent, startsAt: '2026-11-13T18:30' }).startsAt).toEqual(
    new Date('2026-11-13T17:30:00Z'),
  )
})

it('takes the choice of the select, which only stands there without scripts', () => {
  expect(awayForm.parse({ ...sent, substituteId: undefined, substitute: tom }).substituteId).toBe(tom)
  expect(awayForm.parse({ ...sent, substitute: tom }).substituteId).toBe(tom)
})

it.each([
  ['nobody', { substituteId: undefined }, 'substituteId', 'Choose who decides instead'],
  ['no end', { endsAt: undefined }, 'endsAt', 'Give a day and a time'],
  ['a day without a time', { startsAt: '2026-11-13' }, 'startsAt', 'Give a day and a time'],
  ['a zone that is none', { zone: 'Mars/Olympus' }, 'zone', 'This time zone is not known'],
])('refuses %s at its field', (_name, more, field, message) => {
  const parsed = awayForm.safeParse({ ...sent, ...more })
  expect(parsed.error?.issues).toMatchObject([{ path: [field], message }])
})
