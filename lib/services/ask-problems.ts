import 'server-only'
import { checkPreset, durationWords, plus } from '@/lib/domain/duration'
import { type Refusal, refuse } from '@/lib/domain/errors'
import { isOver } from '@/lib/domain/grant'
import { isEligible, type PolicyDefinition, pickPreset } from '@/lib/domain/policy'
import type { Ask, AskFacts, ItemFacts } from './ask-facts'
import { noticeFor } from './outcome'

/** Whether it can be asked for at all, by anybody, and for this person. */
export function offerProblem({ person, askerId }: AskFacts, item: ItemFacts): Refusal | null {
  const { entitlement, application, offer } = item
  if (entitlement.closedAt || application.archivedAt)
    return refuse('unavailable', `${entitlement.name} is closed and cannot be asked for any more`)
  if (!entitlement.requestable)
    return refuse('unavailable', entitlement.reason ?? `${entitlement.name} cannot be asked for`)
  if (!offer) return refuse('unavailable', `No access policy offers ${entitlement.name} at present`)
  if (!person.active) return refuse('unavailable', `${person.name} is deactivated`)
  if (isEligible(offer.definition.requesters, person)) return null
  return askerId === person.id
    ? refuse('not_eligible', `The access policy does not let you ask for ${entitlement.name}`)
    : refuse('not_eligible', `The access policy does not let ${person.name} have ${entitlement.name}`)
}

/** What of the same is there already. */
export function holdingProblem(f: AskFacts, item: ItemFacts, input: Ask, now: Date): Refusal | null {
  const mine = f.askerId === f.person.id
  const who = f.person.name
  if (item.pending && !input.emergency)
    return refuse(
      'conflict',
      mine
        ? 'You have asked for this already; that request is not decided yet'
        : `This is asked for ${who} already; that request is not decided yet`,
    )
  if (item.scheduled) return refuse('conflict', 'This access is agreed already and starts later')
  // One that is over is as good as being taken back: the new one waits until it is seen gone.
  const live = item.live && !isOver(item.live, now) ? item.live : null
  if (live?.state === 'active')
    return refuse(
      'conflict',
      mine
        ? 'You hold this already. Ask for an extension instead'
        : `${who} holds this already. Ask for an extension instead`,
    )
  if (live?.state === 'provisioning')
    return refuse('conflict', `This access is being given to ${mine ? 'you' : who} right now`)
  return null
}

/** What is wrong with how it is asked for: the reason, the start. */
export function askProblem(input: Ask, definition: PolicyDefinition, now: Date): Refusal | null {
  if ((definition.reasonRequired || input.emergency) && input.reason === '')
    return refuse('invalid', input.emergency ? 'Say what the emergency is' : 'Say why you need it', 'reason')
  if (input.startAt && input.emergency) return refuse('invalid', 'Emergency access begins at once', 'startAt')
  return startProblem(input.startAt, now)
}

/** A start lies ahead, and not further than a year. */
export function startProblem(startAt: Date | null, now: Date): Refusal | null {
  if (startAt && startAt < now) return refuse('invalid', 'The start lies in the past', 'startAt')
  if (startAt && startAt > plus(now, 366 * 86_400))
    return refuse('invalid', 'A start is at most 366 days ahead', 'startAt')
  return null
}

/** The picked length with its notice; the floor is judged when asking: it may have been raised since publishing. */
export function lengthOf(
  floorSeconds: number,
  definition: PolicyDefinition,
  seconds: number | null,
): { seconds: number | null; noticeSeconds: number | null } | Refusal {
  const preset = pickPreset(definition, seconds)
  if (preset === null) return { seconds: null, noticeSeconds: null }
  if ('ok' in preset) return preset
  const short = checkPreset(preset, { floorSeconds, maxSeconds: definition.maxSeconds }).seconds
  if (short) return refuse('invalid', short, 'seconds')
  return { seconds: preset.seconds, noticeSeconds: preset.noticeSeconds }
}

/** The policy's emergency length with its notice. */
export function emergencyLength(
  floorSeconds: number,
  definition: PolicyDefinition,
): { seconds: number; noticeSeconds: number | null } | Refusal {
  const { seconds } = definition.emergency
  if (seconds < floorSeconds)
    return refuse(
      'unavailable',
      `The organisation’s minimum is ${durationWords(floorSeconds)} by now, longer than this policy’s emergency access`,
    )
  return { seconds, noticeSeconds: noticeFor(definition, seconds) }
}
