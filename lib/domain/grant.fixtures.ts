import { DAY, HOUR, LEAST_SLACK, plus } from './duration'
import type { GrantFacts, TargetFacts } from './grant'

/** The moment at which the stories of the domain tests begin. */
export const T0 = new Date('2026-11-12T09:00:00Z')

/** So many seconds after the beginning. */
export const at = (seconds: number) => plus(T0, seconds)

/** A moment as the tests write it: "T+6:00:00". */
export function clock(moment: Date): string {
  const seconds = Math.round((moment.getTime() - T0.getTime()) / 1000)
  const [h, m, s] = [
    Math.floor(Math.abs(seconds) / 3600),
    Math.floor(Math.abs(seconds) / 60) % 60,
    Math.abs(seconds) % 60,
  ]
  return `T${seconds < 0 ? '-' : '+'}${h}:${String(m).padStart(2, '0')}:${String(s).padStart(2, '0')}`
}

/** A target whose effects may take 10 s and whose longest call takes 30 s. */
export const target: TargetFacts = {
  slackSeconds: LEAST_SLACK,
  settleSeconds: 40,
  effectDelaySeconds: 10,
  taskSeconds: null,
}

/** People who have four hours for a task, and until start-by (a day) for giving. */
export const byHand: TargetFacts = {
  slackSeconds: DAY,
  settleSeconds: 0,
  effectDelaySeconds: 0,
  taskSeconds: 4 * HOUR,
}

const fresh: GrantFacts = {
  state: 'scheduled',
  mode: 'just-in-time',
  durationSeconds: 6 * HOUR,
  noticeSeconds: HOUR,
  startAt: T0,
  startBy: at(DAY),
  baseline: null,
  preexisting: false,
  firstGiveAt: null,
  grantedAt: null,
  endsAt: null,
  endReason: null,
  rightOverAt: null,
  extensions: 0,
  overdueSince: null,
  lastAnswer: null,
}
const given = { baseline: 'absent', firstGiveAt: T0 } as const
const active = { ...fresh, ...given, state: 'active', grantedAt: T0, endsAt: at(6 * HOUR) } as const
const over = { ...active, endReason: 'expired', rightOverAt: at(6 * HOUR) } as const

/** One grant for every situation in which the machine may answer differently. */
export const grants = {
  scheduled: fresh,
  'provisioning, nothing sent': { ...fresh, state: 'provisioning' },
  'provisioning, give sent': {
    ...fresh,
    ...given,
    state: 'provisioning',
    endsAt: at(6 * HOUR + LEAST_SLACK),
  },
  'provisioning, given again': {
    ...fresh,
    ...given,
    state: 'provisioning',
    grantedAt: T0,
    endsAt: at(6 * HOUR),
    startBy: at(6 * HOUR),
  },
  active,
  'active, preexisting': { ...active, baseline: 'direct', preexisting: true, firstGiveAt: null },
  'active, permanent': {
    ...active,
    mode: 'permanent',
    durationSeconds: null,
    noticeSeconds: null,
    endsAt: null,
  },
  revoking: { ...over, state: 'revoking' },
  'revoking, overdue': { ...over, state: 'revoking', overdueSince: at(6 * HOUR + 70), lastAnswer: 'auth' },
  ended: { ...over, state: 'ended' },
  failed: { ...fresh, state: 'failed' },
} as const satisfies Record<string, GrantFacts>

export type Situation = keyof typeof grants
