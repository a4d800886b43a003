import { describe, expect, test } from 'vitest'
import { timelineVerbs } from './domain/timeline'
import { answerWords } from './outcome-words'
import { type TimelineEntryView, timelineWords } from './timeline-words'

const now = new Date('2026-11-12T13:27:46Z')
const place = { zone: 'Europe/Berlin', now, application: 'Data warehouse', entitlement: 'prod_read' }
const entry = (verb: TimelineEntryView['verb'], data: TimelineEntryView['data'] = {}, actorName = 'Ana') => ({
  id: '1',
  subjectType: 'grant',
  verb,
  at: now,
  actorName,
  data,
})
const told = (...args: Parameters<typeof entry>) => {
  const { who, text, detail } = timelineWords(entry(...args), place)
  return [who, text, detail].filter(Boolean).join(' ')
}

describe('timelineWords', () => {
  test('every verb has a sentence, even where the entry says nothing more', () => {
    for (const verb of timelineVerbs) {
      const words = timelineWords(entry(verb), place)
      expect(`${words.who ?? ''}${words.text}`, verb).not.toBe('')
      expect(JSON.stringify(words), verb).not.toMatch(/undefined|null|NaN/)
    }
  })

  test('a request tells who asked for how long and why, an extension that it is more', () => {
    expect(told('asked', { seconds: 86_400, reason: 'PAY-4412' })).toBe('Ana asked for 1 day “PAY-4412”')
    expect(told('asked', { seconds: 21_600, reason: '', endsAt: now })).toBe('Ana asked for 6 hours more')
  })

  test('an emergency is said to be one, from asking to its review', () => {
    expect(told('asked', { seconds: 21_600, reason: 'Down', emergency: true })).toBe(
      'Ana took emergency access for 6 hours “Down”',
    )
    expect(told('approved', { by: 'emergency' })).toMatch(
      /^Agreed to at once, as an emergency Nobody was asked/,
    )
    expect(told('approved', { by: 'automatic' })).toBe('Agreed to by a rule of the access policy')
    expect(told('scheduled', { emergency: true, seconds: 21_600 })).toMatch(/^To be given at once/)
    expect(told('task_opened', { kind: 'review' })).toBe('The review of this emergency access was opened')
    expect(told('task_done', { kind: 'review', verdict: 'justified', evidence: 'INC-1' }, 'Ben')).toBe(
      'Ben reviewed it: justified “INC-1”',
    )
    const no = { kind: 'review', verdict: 'not_justified', evidence: 'Nothing was down' }
    expect(told('task_done', no, 'Ben')).toBe('Ben reviewed it: not justified “Nothing was down”')
    expect(told('task_done', { kind: 'take', evidence: 'Key 14' }, 'Fay')).toBe(
      'Fay completed the task to take it away “Key 14”',
    )
  })

  test('a vote names its step only where there are several', () => {
    const yes = entry('agreed', { step: 0 }, 'Ben')
    expect(timelineWords(yes, { ...place, steps: 2 }).text).toBe('agreed, step 1 of 2')
    expect(timelineWords(yes, { ...place, steps: 1 }).text).toBe('agreed')
    expect(timelineWords(yes, { ...place, extension: true }).text).toBe('agreed to the extension')
  })

  test('a vote in somebody’s place says in whose', () => {
    const yes = entry('agreed', { step: 0, forId: 'b', forName: 'Ben Okafor' }, 'Jun')
    expect(timelineWords(yes, { ...place, steps: 2 }).text).toBe(
      'agreed, in place of Ben Okafor, step 1 of 2',
    )
    expect(told('denied', { forName: 'Ben Okafor', note: 'Not now' }, 'Jun')).toBe(
      'Jun denied it, in place of Ben Okafor “Not now”',
    )
  })

  test('a substitute is named, ended or called off, by oneself or by an admin', () => {
    const own = { substitute: 'Jun Sato' }
    const theirs = { ...own, person: 'Ben Okafor' }
    expect(told('delegated', own, 'Ben')).toBe('Ben named Jun Sato to decide in their place')
    expect(told('delegated', theirs, 'Ines')).toBe('Ines named Jun Sato to decide in place of Ben Okafor')
    expect(told('delegation_ended', own, 'Ben')).toBe('Ben decides again instead of Jun Sato')
    expect(told('delegation_ended', theirs, 'Ines')).toBe(
      'Ines ended that Jun Sato decides in place of Ben Okafor',
    )
    expect(told('delegation_ended', { ...own, calledOff: true }, 'Ben')).toBe(
      'Ben called off that Jun Sato decides in their place',
    )
  })

  test('the proof says how late it was, and an end by itself has no doer', () => {
    const seen = timelineWords(entry('seen_absent', { lateMs: 1400, sessionsEnded: 2 }), place)
    expect(seen).toMatchObject({ who: 'Seen absent', text: 'in Data warehouse', latenessOk: true })
    expect(seen.lateness).toBe('1.4 s after the end')
    expect(seen.detail).toBe('2 sessions ended.')
    expect(told('ending', { reason: 'expired' })).toBe('The end. The right is over')
    expect(told('ending', { reason: 'revoked', note: 'Rotation' }, 'Ines')).toBe('Ines revoked it “Rotation”')
    expect(told('ending', { reason: 'left' })).toBe('The holder was deactivated')
  })

  test('stored moments are read back in the reader’s zone', () => {
    expect(
      told('extended', { words: '6 hours', from: '2026-11-12T14:32:00Z', to: '2026-11-12T20:32:00Z' }),
    ).toBe(
      'The end moved by 6 hours From today 15:32 to today 21:32. Nothing was revoked in between; a new notice is armed.',
    )
  })

  test('what the target cannot prove is never called seen', () => {
    expect(told('answered_absent', { lateMs: 900 })).toContain('not verified')
    expect(told('seen_absent', { byHand: true, evidence: 'Removed in Stripe' }, 'Jo')).toBe(
      'Jo took it out of Data warehouse by hand “Removed in Stripe”',
    )
  })

  test('a connector’s code is said in words, an unknown one as it is', () => {
    expect(answerWords('auth')).toBe('our credential is refused')
    expect(answerWords('still_there')).toBe('it is still held there')
    expect(answerWords('teapot')).toBe('teapot')
  })
})
