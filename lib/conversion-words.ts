import type { ConversionPlan } from './conversion'
import { formatClock, formatDuration } from './format'

interface Planned {
  readonly entitlement: string
  readonly application: string
  readonly startAt: Date
  readonly people: readonly { readonly name: string; readonly account: string; readonly endsAt: Date }[]
  readonly noticeSeconds: readonly number[]
  /** What may be asked for afterwards, in seconds. */
  readonly lengths: readonly number[]
  /** Who may not even ask for it again. */
  readonly locked: readonly string[]
  readonly paused: boolean
  readonly now: Date
  readonly zone: string
}

const list = (names: readonly string[]) =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`

/** Exactly what will happen, and which mails go out. */
export function conversionPlan(p: Planned): ConversionPlan {
  const clock = (at: Date) => formatClock(at, p.zone, p.now)
  const n = p.people.length
  const who = n === 1 ? (p.people[0]?.name ?? '') : `${n} people`
  const keeps = n === 1 ? 'keeps' : 'keep'
  const notices = [...new Set(p.noticeSeconds.map((s) => formatDuration(s)))]
  const begins = p.startAt <= p.now ? 'Now' : `On ${clock(p.startAt)}`
  return {
    people: p.people.map(({ name, account, endsAt }) => ({ name, account, endsAt: clock(endsAt) })),
    sentences: [
      `Until ${p.startAt <= p.now ? 'now' : clock(p.startAt)} nothing changes. Until then you, another owner or an admin can call it off.`,
      `${begins}, ${who} ${keeps} ${p.entitlement} on ${p.application}, and from then on it is a lease. Nothing is given or taken, nobody is interrupted.`,
      'At its end it is taken back by itself, and looked at until it is seen gone.',
      `Afterwards it is asked for like everybody else does: for ${list(p.lengths.map((s) => formatDuration(s)))}.`,
      'Whoever does not hold it any more when it begins gets no lease, and nothing is given.',
    ],
    mails: [
      `${who}: now, what happens, from when until when, and whom to talk to.`,
      `${who}: ${list(notices)} before the end, the usual notice.`,
      `${who}: when it has been taken back.`,
    ],
    warnings: [
      ...(p.locked.length > 0
        ? [
            `The access policy does not let ${list(p.locked)} ask for it. After the end only a changed policy helps.`,
          ]
        : []),
      ...(p.paused
        ? [
            'Giving is stopped there at present. What should begin waits until that is over, and fails after a day.',
          ]
        : []),
    ],
  }
}
