import { formatClock } from '@/lib/format'
import type { AwayView, StandsInView } from '@/lib/people-views'
import type { DecisionView, ToDecide } from '@/lib/views'

/** What being away says in words. Pure. */

/** "In place of Ben Okafor, who is away until Fri 28 Nov 09:00". */
export function inPlaceWords(
  { name, until }: NonNullable<ToDecide['inPlaceOf']>,
  zone: string,
  now: Date,
): string {
  return `In place of ${name}${until ? `, who is away until ${formatClock(until, zone, now)}` : ''}`
}

/** "away until Fri 28 Nov 09:00 (Ana Oliveira)": beside a name in a list. */
export function awayShort({ until, substitute }: AwayView, zone: string, now: Date): string {
  return `away until ${formatClock(until, zone, now)} (${substitute})`
}

/** "You are away until Fri 28 Nov 09:00; Ana Oliveira decides in your place". */
export function awaySentence({ until, substitute }: AwayView, zone: string, now: Date): string {
  return `You are away until ${formatClock(until, zone, now)}; ${substitute} decides in your place`
}

/** "You decide in place of Ben Okafor until Fri 28 Nov 09:00", from when it is not yet. */
export function standsInSentence({ name, startsAt, endsAt }: StandsInView, zone: string, now: Date): string {
  const from = startsAt > now ? ` from ${formatClock(startsAt, zone, now)}` : ''
  return `You decide in place of ${name}${from} until ${formatClock(endsAt, zone, now)}`
}

/** "You approved", "You denied, in place of Ben Okafor", "Ana Oliveira approved in your place". */
export function decidedWords(
  vote: Pick<DecisionView, 'personId' | 'personName' | 'verdict' | 'forName'>,
  me: string,
): string {
  const verb = vote.verdict === 'approve' ? 'approved' : 'denied'
  if (vote.personId !== me) return `${vote.personName} ${verb} in your place`
  return `You ${verb}${vote.forName ? `, in place of ${vote.forName}` : ''}`
}
