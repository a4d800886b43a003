import { nameList } from '@/lib/asking-words'
import { formatDurationShort } from '@/lib/format'
import type { History, PastRequest } from '@/lib/views'

/** How an earlier request went: "given back after 5 h", "ran to its end", "denied". Empty while nothing can be said. */
export function pastOutcome({ state, outcome, heldSeconds }: PastRequest): string {
  if (state !== 'approved') return state
  const after = heldSeconds === null ? '' : ` after ${formatDurationShort(heldSeconds)}`
  switch (outcome) {
    case 'running':
      return 'running now'
    case 'scheduled':
      return 'not started yet'
    case 'ran_out':
      return 'ran to its end'
    case 'returned':
      return `given back${after}`
    case 'revoked':
      return `revoked${after}`
    case 'not_given':
      return 'never given'
    case null:
      return ''
  }
}

/** Who decided, to the reader: "approved by Ben Okafor", "approved by you". */
export function decidedByWords({ state, decidedBy, emergency }: PastRequest, me: string): string {
  if (emergency) return 'taken as an emergency'
  if (state !== 'approved' && state !== 'denied') return state
  const names = decidedBy.map((p) => (p.id === me ? 'you' : p.name))
  return names.length > 0 ? `${state} by ${nameList(names)}` : state
}

/** The sum of it: "7 times in 90 days: 6 approved, 1 withdrawn. Given back early 4 times." */
export function historyWords(past: History): { lead: string; rest: string } {
  if (past.total === 0) return { lead: 'Never in 90 days', rest: '.' }
  const parts = (['approved', 'denied', 'withdrawn', 'lapsed'] as const)
    .filter((state) => past[state] > 0)
    .map((state) => `${past[state]} ${state}`)
  const early = past.returnedEarly
  const returned = early > 0 ? ` Given back early ${times(early)}.` : ''
  return { lead: `${capital(times(past.total))} in 90 days`, rest: `: ${parts.join(', ')}.${returned}` }
}

const times = (n: number) => (n === 1 ? 'once' : n === 2 ? 'twice' : `${n} times`)
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
