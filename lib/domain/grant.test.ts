import { describe, expect, it } from 'vitest'
import { HOUR, MINUTE } from './duration'
import type { Result } from './errors'
import {
  decideGrant,
  type GrantEvent,
  type GrantFacts,
  type GrantStep,
  grantStates,
  grantTable,
} from './grant'
import { at, clock, grants, type Situation, target } from './grant.fixtures'

/** Every event, each with the moment it comes at. */
const events: Record<string, [GrantEvent, seconds: number]> = {
  start: [{ type: 'start' }, 0],
  'start, too early': [{ type: 'start' }, -1],
  'intend, absent': [{ type: 'intend', baseline: 'absent', convertStanding: false }, MINUTE],
  'intend, indirect': [{ type: 'intend', baseline: 'indirect', convertStanding: false }, MINUTE],
  'intend, pending': [{ type: 'intend', baseline: 'pending', convertStanding: false }, MINUTE],
  'intend, direct': [{ type: 'intend', baseline: 'direct', convertStanding: false }, MINUTE],
  'intend, direct, converting': [{ type: 'intend', baseline: 'direct', convertStanding: true }, MINUTE],
  'intend, unknown': [{ type: 'intend', baseline: 'unknown', convertStanding: false }, MINUTE],
  'intend, at start-by': [{ type: 'intend', baseline: 'absent', convertStanding: false }, 24 * HOUR],
  'seen after 2 min': [{ type: 'seen', seenAt: at(2 * MINUTE) }, 2 * MINUTE],
  'seen after 3 h': [{ type: 'seen', seenAt: at(3 * HOUR) }, 3 * HOUR],
  'answer, new': [{ type: 'answer', operation: 'take', code: 'retryable', message: 'HTTP 503' }, HOUR],
  'answer, same': [{ type: 'answer', operation: 'take', code: 'auth', message: 'HTTP 401' }, HOUR],
  'give up, seen absent': [{ type: 'give_up', why: 'late', absentAfterSettle: true }, 25 * HOUR],
  'give up, unclear': [{ type: 'give_up', why: 'late', absentAfterSettle: false }, 5 * HOUR],
  expire: [{ type: 'expire' }, 7 * HOUR],
  'expire, too early': [{ type: 'expire' }, 6 * HOUR - 1],
  revoke: [{ type: 'end', reason: 'revoked', note: 'INC-7' }, 2 * HOUR],
  'revoke, after the end': [{ type: 'end', reason: 'revoked', note: null }, 8 * HOUR],
  return: [{ type: 'end', reason: 'returned', note: null }, 2 * HOUR],
  'seen absent': [
    { type: 'seen_absent', seenAt: at(6 * HOUR + 3), verified: true, sessionsEnded: 2 },
    6 * HOUR + 3,
  ],
  'answered absent': [
    { type: 'seen_absent', seenAt: at(6 * HOUR + 3), verified: false, sessionsEnded: 0 },
    6 * HOUR + 3,
  ],
  overdue: [{ type: 'overdue' }, 6 * HOUR + 70],
  settled: [{ type: 'settled' }, 6 * HOUR + 43],
  reopen: [{ type: 'reopen' }, 9 * HOUR],
  retry: [{ type: 'retry' }, 9 * HOUR],
  'begin to attest': [{ type: 'begin_attest', note: 'The server was scrapped' }, 9 * HOUR],
  attest: [{ type: 'attest' }, 9 * HOUR],
  'settled, first seen now': [{ type: 'settled', seenAt: at(7 * HOUR) }, 7 * HOUR],
  'give again': [{ type: 'give_again', note: null }, 2 * HOUR],
  'give again, after the end': [{ type: 'give_again', note: null }, 7 * HOUR],
  extend: [{ type: 'extend', seconds: 6 * HOUR, noticeSeconds: 2 * HOUR }, 5 * HOUR],
  'extend, after the end': [{ type: 'extend', seconds: 6 * HOUR, noticeSeconds: 2 * HOUR }, 6 * HOUR],
  'grace, at the end': [{ type: 'grace', seconds: HOUR }, 6 * HOUR],
  'grace, too early': [{ type: 'grace', seconds: HOUR }, 6 * HOUR - 1],
  'grace, when it would be over': [{ type: 'grace', seconds: HOUR }, 7 * HOUR],
  'grace over': [{ type: 'grace_over' }, 5 * HOUR],
  'notice sent': [{ type: 'notice_sent', to: 'ana@halden.example', endsAt: at(6 * HOUR) }, 5 * HOUR + 2],
  'notice failed': [
    { type: 'notice_failed', to: 'ana@halden.example', endsAt: at(6 * HOUR), error: 'bounced' },
    5 * HOUR,
  ],
}

/** What a state says to every event that it does not know. */
const otherwise: Record<Situation, string> = {
  scheduled: 'This access has not started yet',
  'provisioning, nothing sent': 'This access is still being given',
  'provisioning, give sent': 'This access is still being given',
  'provisioning, given again': 'This access is still being given',
  active: 'This access is active',
  'active, preexisting': 'This access is active',
  'active, permanent': 'This access is active',
  revoking: 'This access is being taken back already',
  'revoking, overdue': 'This access is being taken back already',
  ended: 'This access has ended',
  failed: 'This access was never given',
}

const stop = '-give -take -notice -alarm'
const takes = (moment: string, alarm: string) => `-give -notice take ${moment} alarm ${alarm}`
const standing = 'conflict: The baseline is stored already'
const early = 'conflict: The end has not come yet'
const overAgain = 'too_late: The time of this access is over. Ask for it anew'
const extended = 'active · extended · end T+12:00:00 · take T+12:00:00 alarm T+12:01:10 notice T+10:00:00'
const extendedStanding = 'active · extended · end T+12:00:00 · take T+12:00:00 notice T+10:00:00'

/** Every answer that is not {@link otherwise}: state · verb · end · work, or the refusal. */
const table: Record<Situation, Partial<Record<keyof typeof events, string>>> = {
  scheduled: {
    start: 'provisioning · started',
    'start, too early': 'conflict: This access starts later',
    'give up, seen absent': `failed · failed · ${stop}`,
    'give up, unclear': `failed · failed · ${stop}`,
    revoke: `ended · cancelled · revoked T+2:00:00 · ${stop}`,
    'revoke, after the end': `ended · cancelled · revoked T+8:00:00 · ${stop}`,
    return: `ended · cancelled · returned T+2:00:00 · ${stop}`,
  },
  'provisioning, nothing sent': {
    'intend, absent': 'provisioning · giving · end T+6:16:00 · take T+6:16:00 alarm T+6:17:10',
    'intend, indirect': 'provisioning · giving · end T+6:16:00 · take T+6:16:00 alarm T+6:17:10',
    'intend, pending': 'provisioning · giving · end T+6:16:00 · take T+6:16:00 alarm T+6:17:10',
    'intend, direct': 'active · found_standing · end T+6:01:00 · -give take T+6:01:00 notice T+5:01:00',
    'intend, direct, converting': 'provisioning · giving · end T+6:16:00 · take T+6:16:00 alarm T+6:17:10',
    'intend, unknown': 'conflict: The target could not say what this account holds',
    'intend, at start-by': 'too_late: The time to give this access is over',
    'seen after 2 min': 'conflict: Nothing was given yet',
    'seen after 3 h': 'conflict: Nothing was given yet',
    'answer, new': 'provisioning · answered',
    'answer, same': 'provisioning · answered',
    'give up, seen absent': `failed · failed · ${stop}`,
    'give up, unclear': `failed · failed · ${stop}`,
    expire: early,
    'expire, too early': early,
    revoke: `failed · cancelled · revoked T+2:00:00 · ${stop}`,
    'revoke, after the end': `failed · cancelled · revoked T+8:00:00 · ${stop}`,
    return: `failed · cancelled · returned T+2:00:00 · ${stop}`,
  },
  'provisioning, give sent': {
    'intend, absent': standing,
    'intend, indirect': standing,
    'intend, pending': standing,
    'intend, direct': standing,
    'intend, direct, converting': standing,
    'intend, unknown': standing,
    'intend, at start-by': standing,
    'seen after 2 min':
      'active · given · end T+6:02:00 · -give take T+6:02:00 alarm T+6:03:10 notice T+5:02:00',
    // The end stays at first give + slack + length, however late it is seen.
    'seen after 3 h': 'active · given · -give take T+6:15:00 alarm T+6:16:10 notice T+5:15:00',
    'answer, new': 'provisioning · answered',
    'answer, same': 'provisioning · answered',
    'give up, seen absent': `failed · failed · ${stop}`,
    'give up, unclear': `revoking · ending · withdrawn T+5:00:00 · ${takes('T+5:00:00', 'T+5:01:10')}`,
    expire: `revoking · ending · expired T+6:15:00 · ${takes('T+7:00:00', 'T+6:16:10')}`,
    'expire, too early': early,
    revoke: `revoking · ending · revoked T+2:00:00 · ${takes('T+2:00:00', 'T+2:01:10')}`,
    'revoke, after the end': `revoking · ending · revoked T+6:15:00 · ${takes('T+8:00:00', 'T+6:16:10')}`,
    return: `revoking · ending · returned T+2:00:00 · ${takes('T+2:00:00', 'T+2:01:10')}`,
  },
  'provisioning, given again': {
    'intend, absent': standing,
    'intend, indirect': standing,
    'intend, pending': standing,
    'intend, direct': standing,
    'intend, direct, converting': standing,
    'intend, unknown': standing,
    'intend, at start-by': standing,
    // The end stays where it was, whenever it is seen again.
    'seen after 2 min': 'active · given · -give take T+6:00:00 alarm T+6:01:10 notice T+5:00:00',
    'seen after 3 h': 'active · given · -give take T+6:00:00 alarm T+6:01:10 notice T+5:00:00',
    'answer, new': 'provisioning · answered',
    'answer, same': 'provisioning · answered',
    // It was held for a while, so it ends; it did not fail.
    'give up, seen absent': `revoking · ending · withdrawn T+6:00:00 · ${takes('T+25:00:00', 'T+6:01:10')}`,
    'give up, unclear': `revoking · ending · withdrawn T+5:00:00 · ${takes('T+5:00:00', 'T+5:01:10')}`,
    expire: `revoking · ending · expired T+6:00:00 · ${takes('T+7:00:00', 'T+6:01:10')}`,
    'expire, too early': early,
    revoke: `revoking · ending · revoked T+2:00:00 · ${takes('T+2:00:00', 'T+2:01:10')}`,
    'revoke, after the end': `revoking · ending · revoked T+6:00:00 · ${takes('T+8:00:00', 'T+6:01:10')}`,
    return: `revoking · ending · returned T+2:00:00 · ${takes('T+2:00:00', 'T+2:01:10')}`,
  },
  active: {
    'give again': 'provisioning · giving_again · give T+2:00:00',
    'give again, after the end': overAgain,
    expire: `revoking · ending · expired T+6:00:00 · ${takes('T+7:00:00', 'T+6:01:10')}`,
    'expire, too early': early,
    revoke: `revoking · ending · revoked T+2:00:00 · ${takes('T+2:00:00', 'T+2:01:10')}`,
    'revoke, after the end': `revoking · ending · revoked T+6:00:00 · ${takes('T+8:00:00', 'T+6:01:10')}`,
    return: `revoking · ending · returned T+2:00:00 · ${takes('T+2:00:00', 'T+2:01:10')}`,
    extend: extended,
    'extend, after the end': 'too_late: This access ended before the extension was agreed. Ask for it anew',
    'grace, at the end': 'active · grace_given · end T+7:00:00 · take T+7:00:00 alarm T+7:01:10',
    'grace, too early': early,
    'grace, when it would be over': 'too_late: The grace would be over already',
    'grace over': 'active · grace_over · end T+5:00:00 · take T+5:00:00 alarm T+5:01:10',
    'notice sent': 'active · notice_sent',
    'notice failed': 'active · notice_failed',
  },
  'active, preexisting': {
    'give again': 'conflict: It was held before and not given by us. Ask for it anew',
    'give again, after the end': overAgain,
    expire: `ended · left_standing · expired T+6:00:00 · ${stop}`,
    'expire, too early': early,
    revoke: `ended · left_standing · revoked T+2:00:00 · ${stop}`,
    'revoke, after the end': `ended · left_standing · revoked T+6:00:00 · ${stop}`,
    return: `ended · left_standing · returned T+2:00:00 · ${stop}`,
    extend: extendedStanding,
    'extend, after the end': 'too_late: This access ended before the extension was agreed. Ask for it anew',
    'grace, at the end': 'active · grace_given · end T+7:00:00 · take T+7:00:00',
    'grace, too early': early,
    'grace, when it would be over': 'too_late: The grace would be over already',
    'grace over': 'active · grace_over · end T+5:00:00 · take T+5:00:00',
    'notice sent': 'active · notice_sent',
    'notice failed': 'active · notice_failed',
  },
  'active, permanent': {
    'give again': 'provisioning · giving_again · give T+2:00:00',
    'give again, after the end': 'provisioning · giving_again · give T+7:00:00',
    expire: early,
    'expire, too early': early,
    revoke: `revoking · ending · revoked T+2:00:00 · ${takes('T+2:00:00', 'T+2:01:10')}`,
    'revoke, after the end': `revoking · ending · revoked T+8:00:00 · ${takes('T+8:00:00', 'T+8:01:10')}`,
    return: `revoking · ending · returned T+2:00:00 · ${takes('T+2:00:00', 'T+2:01:10')}`,
    extend: 'invalid: A permanent access has no end to move',
    'extend, after the end': 'invalid: A permanent access has no end to move',
    'grace, at the end': early,
    'grace, too early': early,
    'grace, when it would be over': early,
    'grace over': 'too_late: The grace is over already',
    'notice sent': 'active · notice_sent',
    'notice failed': 'active · notice_failed',
  },
  revoking: {
    'answer, new': 'revoking · answered',
    'answer, same': 'revoking · answered',
    'seen absent': 'ended · seen_absent · 3 s late · -take -alarm look T+6:00:43',
    'answered absent': 'ended · answered_absent · 3 s late · -take -alarm look T+6:00:43',
    overdue: 'revoking · overdue',
    retry: 'revoking · retry_asked',
    'begin to attest': 'revoking · attesting',
    attest: 'ended · attested · -take -alarm look T+10:00:00',
  },
  'revoking, overdue': {
    'answer, new': 'revoking · answered',
    'answer, same': 'conflict: The target gave the same answer as before',
    'seen absent': 'ended · seen_absent · 3 s late · -take -alarm look T+6:00:43',
    'answered absent': 'ended · answered_absent · 3 s late · -take -alarm look T+6:00:43',
    overdue: 'conflict: The alarm is raised already',
    retry: 'revoking · retry_asked',
    'begin to attest': 'revoking · attesting',
    attest: 'ended · attested · -take -alarm look T+10:00:00',
  },
  ended: {
    settled: 'ended · settled · -look',
    'settled, first seen now': 'ended · settled · 3600 s late · -look',
    reopen: 'revoking · reopened · expired T+9:00:00 · take T+9:00:00 alarm T+9:01:10 -look',
  },
  failed: {
    reopen:
      'revoking · reopened · end T+9:00:00 · withdrawn T+9:00:00 · take T+9:00:00 alarm T+9:01:10 -look',
  },
}

function said(before: GrantFacts, result: Result<GrantStep>): string {
  if (!result.ok) return `${result.code}: ${result.message}`
  const { next, verb, work } = result.value
  const parts = [next.state ?? before.state, verb as string]
  if (next.endsAt && next.endsAt.getTime() !== before.endsAt?.getTime())
    parts.push(`end ${clock(next.endsAt)}`)
  if (next.rightOverAt) parts.push(`${next.endReason} ${clock(next.rightOverAt)}`)
  if (next.lateMs !== undefined) parts.push(`${next.lateMs / 1000} s late`)
  if (work.length > 0)
    parts.push(work.map((w) => ('cancel' in w ? `-${w.kind}` : `${w.kind} ${clock(w.dueAt)}`)).join(' '))
  return parts.join(' · ')
}

const situations = Object.keys(grants) as Situation[]

describe('the grant machine: every state × every event', () => {
  for (const situation of situations)
    describe(situation, () => {
      for (const [name, [event, seconds]] of Object.entries(events)) {
        const expected = table[situation][name] ?? `conflict: ${otherwise[situation]}`
        it(`${name} → ${expected}`, () => {
          const grant: GrantFacts = grants[situation]
          expect(said(grant, decideGrant(grant, event, at(seconds), target))).toBe(expected)
        })
      }
    })
})

describe('the table above', () => {
  it('knows every event in every state', () => {
    expect(new Set(Object.values(events).map(([event]) => event.type))).toEqual(
      new Set(grantStates.flatMap((state) => Object.keys(grantTable[state]))),
    )
    expect(new Set(situations.map((s) => grants[s].state))).toEqual(new Set(grantStates))
  })

  it('reaches every arrow of the machine, and only those', () => {
    const drawn = grantStates.flatMap((from) =>
      Object.entries(grantTable[from]).flatMap(([event, to]) => to.map((t) => `${from} -${event}-> ${t}`)),
    )
    const walked = new Set<string>()
    for (const situation of situations)
      for (const [event, seconds] of Object.values(events)) {
        const grant: GrantFacts = grants[situation]
        const result = decideGrant(grant, event, at(seconds), target)
        if (result.ok) walked.add(`${grant.state} -${event.type}-> ${result.value.next.state ?? grant.state}`)
      }
    expect([...walked].sort()).toEqual(drawn.sort())
  })
})
