import { expect, it } from 'vitest'
import { awaySentence, awayShort, decidedWords, inPlaceWords, standsInSentence } from './away-words'

const now = new Date('2026-11-12T13:00:00Z')
const until = new Date('2026-11-16T09:00:00Z')

it('says until when somebody is away, and who decides instead', () => {
  const away = { until, substitute: 'Ana Oliveira' }
  expect(awayShort(away, 'UTC', now)).toBe('away until Mon 16 Nov 09:00 (Ana Oliveira)')
  expect(awaySentence(away, 'UTC', now)).toBe(
    'You are away until Mon 16 Nov 09:00; Ana Oliveira decides in your place',
  )
})

it('says in whose place somebody decides, in the reader’s zone, and from when where it is later', () => {
  expect(inPlaceWords({ name: 'Ben Okafor', until }, 'Europe/Berlin', now)).toBe(
    'In place of Ben Okafor, who is away until Mon 16 Nov 10:00',
  )
  expect(inPlaceWords({ name: 'Ben Okafor', until: null }, 'UTC', now)).toBe('In place of Ben Okafor')
  const place = { id: 'd', name: 'Ben Okafor', endsAt: until }
  expect(standsInSentence({ ...place, startsAt: now }, 'UTC', now)).toBe(
    'You decide in place of Ben Okafor until Mon 16 Nov 09:00',
  )
  const tomorrow = new Date('2026-11-13T08:00:00Z')
  expect(standsInSentence({ ...place, startsAt: tomorrow }, 'UTC', now)).toBe(
    'You decide in place of Ben Okafor from tomorrow 08:00 until Mon 16 Nov 09:00',
  )
})

it.each([
  ['You approved', { personId: 'me', forName: null }],
  ['You approved, in place of Ben Okafor', { personId: 'me', forName: 'Ben Okafor' }],
  ['Ana Oliveira approved in your place', { personId: 'ana', forName: 'Me Myself' }],
])('says "%s"', (words, vote) => {
  expect(decidedWords({ personName: 'Ana Oliveira', verdict: 'approve', ...vote }, 'me')).toBe(words)
})
