import { expect, it } from 'vitest'
import type { NotAsked } from './not-asked'
import { notAskedWords } from './not-asked-words'

const now = new Date('2026-11-12T13:00:00Z')
const at = new Date('2026-11-12T12:30:00Z')

it.each<[NotAsked['why'], string[], string, string, string]>([
  [
    { kind: 'over', became: { id: 'r', state: 'approved', at, byNames: ['Ben'] } },
    [],
    'This is decided already',
    'Ben approved it today 12:30.',
    'There is nothing for you to do.',
  ],
  [
    { kind: 'reassigned', byName: 'Ines', at },
    ['Jun'],
    'You are not asked any more',
    'Ines had somebody else decide, today 12:30.',
    'Jun decides now, so there is nothing for you to do.',
  ],
  [
    { kind: 'moved_on', step: 0, steps: 2, byNames: ['Ben'] },
    ['Mira', 'Jun'],
    'Your step is decided',
    'Ben agreed on step 1 of 2, which you were asked on.',
    'Mira or Jun decides now, so there is nothing for you to do.',
  ],
  [
    { kind: 'delegation_over', forName: 'Ben', at },
    ['Ben'],
    'You are not asked any more',
    'You stood in for Ben until today 12:30.',
    'Ben decides now, so there is nothing for you to do.',
  ],
  [
    { kind: 'not_among', who: ['the group Data platform', 'the owners of GitHub'] },
    ['Ben', 'Mira'],
    'You are not asked any more',
    'The group Data platform or the owners of GitHub may decide on this step, and at present you are not among them.',
    'Ben or Mira decides now, so there is nothing for you to do. If you think that you should be asked, ask Ben or an admin.',
  ],
  [
    { kind: 'asked_anew', byName: 'Ana', at },
    ['Ben'],
    'You are not asked any more',
    'Ana changed it today 12:30, so it is asked anew from the first step, and you are not asked on that one.',
    'Ben decides now, so there is nothing for you to do.',
  ],
  [
    { kind: 'not_among', who: [] },
    [],
    'You are not asked any more',
    'Other people decide on this step now.',
    'At present nobody could decide; the owners and the admins are asked instead.',
  ],
])('tells somebody who is not asked any more why, and what to do: $kind', (why, who, title, text, todo) => {
  const answer: NotAsked = {
    requestId: 'r',
    why,
    now: who,
    askerName: 'Ana',
    personName: 'Ana',
    name: 'prod_read',
    application: 'Data warehouse',
  }
  expect(notAskedWords(answer, now, 'UTC')).toEqual({ title, why: text, todo })
})
