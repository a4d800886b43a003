import { HOUR, MINUTE } from './duration'
import { decideGrant, type GrantEvent, type GrantFacts, type GrantStep, type TargetFacts } from './grant'
import { at, clock, grants, target } from './grant.fixtures'

/** Lives a grant through its events; a refused one ends the story. */
export function story(to: TargetFacts = target, from: GrantFacts = grants.scheduled) {
  let grant = from
  const work = new Map<string, string>()
  const verbs: string[] = []
  return {
    get grant() {
      return grant
    },
    /** What stands armed now, by kind. */
    get work() {
      return Object.fromEntries(work)
    },
    verbs,
    tell(seconds: number, event: GrantEvent): GrantStep {
      const result = decideGrant(grant, event, at(seconds), to)
      if (!result.ok) throw new Error(`${event.type} at ${clock(at(seconds))}: ${result.message}`)
      grant = { ...grant, ...result.value.next }
      verbs.push(result.value.verb)
      for (const order of result.value.work)
        if ('cancel' in order) work.delete(order.kind)
        else work.set(order.kind, clock(order.dueAt))
      return result.value
    },
    refused(seconds: number, event: GrantEvent): string {
      const result = decideGrant(grant, event, at(seconds), to)
      if (result.ok) throw new Error(`${event.type} went through`)
      return `${result.code}: ${result.message}`
    },
  }
}

export const start: GrantEvent = { type: 'start' }
export const expire: GrantEvent = { type: 'expire' }
export const intend = (
  baseline: 'absent' | 'direct' | 'indirect' | 'unknown',
  convertStanding = false,
): GrantEvent => ({
  type: 'intend',
  baseline,
  convertStanding,
})
export const seen = (seconds: number): GrantEvent => ({ type: 'seen', seenAt: at(seconds) })
export const gone = (seconds: number, verified = true): GrantEvent => ({
  type: 'seen_absent',
  seenAt: at(seconds),
  verified,
  sessionsEnded: 0,
})
export const end = (reason: 'revoked' | 'returned' | 'left'): GrantEvent => ({
  type: 'end',
  reason,
  note: null,
})
export const extend = (seconds: number, noticeSeconds = HOUR): GrantEvent => ({
  type: 'extend',
  seconds,
  noticeSeconds,
})
export const giveUp = (absentAfterSettle: boolean): GrantEvent => ({
  type: 'give_up',
  why: 'Not in time',
  absentAfterSettle,
})

export function given(seconds = MINUTE) {
  const s = story()
  s.tell(0, start)
  s.tell(0, intend('absent'))
  s.tell(seconds, seen(seconds))
  return s
}
