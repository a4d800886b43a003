import { expect, it } from 'vitest'
import { at } from './domain/grant.fixtures'
import type { Ledger, LedgerGrant } from './ledger'
import { callProblems, type LedgerCall } from './ledger-calls'

const grant: LedgerGrant = {
  id: 'g1',
  version: 5,
  state: 'revoking',
  mode: 'just-in-time',
  preexisting: false,
  firstGiveAt: at(0),
  grantedAt: at(1),
  endsAt: at(100),
  rightOverAt: at(100),
  overdueSince: null,
  entitlement: 'prod_read',
  account: 'ana@target',
  target: { effectDelaySeconds: 0, taskSeconds: null },
}
const call = (operation: string, seconds: number, outcome: string): LedgerCall => ({
  grantId: 'g1',
  operation,
  outcome,
  startedAt: at(seconds),
  tookMs: 500,
})
const entry = (verb: Ledger['timeline'][number]['verb'], version: number) =>
  ({ subjectId: 'g1', version, verb, at: at(version) }) as const

/** A take that was tried at 100 s, and what the target said; now it is a second later. */
const ledger = (calls: LedgerCall[], more: Partial<Ledger> = {}): Ledger => ({
  now: at(101),
  wall: at(101),
  effects: [],
  held: [],
  grants: [grant],
  requests: [],
  decisions: [],
  timeline: [entry('giving', 3), entry('ending', 5)],
  mails: [],
  work: [],
  findings: [],
  calls,
  ...more,
})
const take = (notBefore: number) =>
  ({ kind: 'take', subjectId: 'g1', dueAt: at(100), triedAt: at(100), notBefore: at(notBefore) }) as const
const stillThere = [call('revoke', 100, 'done'), call('check', 100.6, 'direct')]
const refused = [call('revoke', 100, 'rate_limited'), call('check', 100.6, 'direct')]
/** Some engine called something, once a minute. */
const busy = (from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / 60) }, (_, i) => at(from + i * 60))

it.each<[string, Ledger, string | null]>([
  ['a next try within a minute', ledger(stillThere, { work: [take(155)] }), null],
  [
    'a next try after two minutes, though the target answers',
    ledger(stillThere, { work: [take(220)] }),
    'longer than 60 s',
  ],
  ['a next try after two minutes, as the target asked', ledger(refused, { work: [take(220)] }), null],
  [
    'a next try after sixteen minutes, whatever was asked',
    ledger(refused, { work: [take(1060)] }),
    'longer than 900 s',
  ],
  [
    'a breath after a call that hung for longer than the gap',
    ledger([{ ...call('revoke', 100, 'done'), tookMs: 90_000 }], { wall: at(190), work: [take(191)] }),
    null,
  ],
  [
    'a gap between two tries in which the engine was at work',
    ledger([...refused, call('revoke', 1300, 'done'), call('check', 1301, 'absent')], {
      wall: at(1400),
      awakeAt: busy(120, 1300),
    }),
    'was tried at 2026-11-12T09:01:40.000Z and not again by 2026-11-12T09:21:40.000Z',
  ],
  [
    'the same gap while no engine ran',
    ledger([...refused, call('revoke', 1300, 'done'), call('check', 1301, 'absent')], { wall: at(1400) }),
    null,
  ],
  [
    'no try since the last, while the engine was at work',
    ledger(refused, { wall: at(1300), awakeAt: busy(120, 1300) }),
    'not again by',
  ],
  [
    'a take long after the one that had ended it',
    ledger([call('revoke', 100, 'done'), call('check', 101, 'absent'), call('revoke', 9000, 'done')], {
      wall: at(9001),
      awakeAt: busy(120, 9000),
    }),
    null,
  ],
  [
    'tries that an attestation ended',
    ledger([...refused, call('revoke', 5000, 'done')], {
      wall: at(5001),
      awakeAt: busy(120, 5000),
      timeline: [entry('giving', 3), entry('ending', 5), entry('attested', 6)],
    }),
    null,
  ],
])('I8: %s', (_name, record, found) => {
  expect(callProblems(record, grant)).toEqual(found ? [expect.stringMatching(/^I8: /)] : [])
  if (found) expect(callProblems(record, grant)[0]).toContain(found)
})

const ended: LedgerGrant = { ...grant, state: 'ended' }
const backAgain = [call('grant', 1, 'done'), ...stillThere]
const agreed: Partial<Ledger> = {
  requests: [
    {
      id: 'r1',
      grantId: 'g1',
      state: 'approved',
      version: 2,
      decidedAt: at(0),
      askerId: 'ana',
      personId: 'ana',
      approval: 'automatic',
      round: 1,
      steps: [],
    },
  ],
}

it.each<[string, LedgerGrant, Partial<Ledger>, boolean]>([
  ['held when it was last looked at', ended, {}, true],
  ['which a finding says', ended, { findings: [{ grantId: 'g1' }] }, false],
  ['which is looked for', ended, { work: [{ kind: 'look', subjectId: 'g1', dueAt: at(9) }] }, false],
  ['which is a newer grant’s', { ...ended, superseded: true }, {}, false],
  ['which was there before', { ...ended, preexisting: true, firstGiveAt: null }, {}, false],
])('I6: ended and %s', (_name, one, more, wrong) => {
  const found = callProblems(ledger(backAgain, { ...agreed, ...more }), one).filter((p) => p.startsWith('I6'))
  expect(found).toHaveLength(wrong ? 1 : 0)
})
