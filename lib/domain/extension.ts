import { durationWords, plus } from './duration'
import { type Refusal, refuse } from './errors'
import { type ApprovalStep, type AutomaticFacts, type PolicyDefinition, stepsFor } from './policy'
import { type Conflict, extraSteps, refusedTogether } from './separation'

/** More time for a grant: how much is left, who has to agree, and until when. Pure. */

/** Whether more time of this length is agreed to without asking anybody. */
export function isExtensionAutomatic(
  definition: Pick<PolicyDefinition, 'extensionApproval'>,
  facts: Pick<AutomaticFacts, 'published'> & { seconds: number },
): boolean {
  const { how, automaticSeconds } = definition.extensionApproval
  return how === 'automatic' && !facts.published && facts.seconds <= automaticSeconds
}

/** How much longer a grant may become, and why a preset does not fit. */
export function extensionRoom(
  extension: PolicyDefinition['extension'],
  grant: { grantedAt: Date; endsAt: Date; extensions: number },
): { allowed: boolean; left: number; latestEnd: Date; why: string | null } {
  const latestEnd = new Date(grant.grantedAt.getTime() + extension.maxTotalSeconds * 1000)
  const left = Math.max(0, extension.maxCount - grant.extensions)
  let why: string | null = null
  if (!extension.allowed) why = 'This policy does not allow extensions; ask anew after the end'
  else if (left === 0)
    why = `It was extended ${grant.extensions === 1 ? 'once' : `${grant.extensions} times`} already, which is the most this policy allows`
  else if (latestEnd <= grant.endsAt)
    why = `It already runs to the longest total this policy allows, ${durationWords(extension.maxTotalSeconds)}`
  return { allowed: why === null, left, latestEnd, why }
}

/**
 * The latest moment to which an access may ever last under its policy: by the longest extension and the grace. `endsAt`
 * is the end it is given with; null where it has none. Never earlier than what `extensionRoom` lets the end become.
 */
export function latestPossibleEnd(
  { extension, graceSeconds }: Pick<PolicyDefinition, 'extension' | 'graceSeconds'>,
  { endsAt, durationSeconds }: { endsAt: Date | null; durationSeconds: number | null },
): Date | null {
  if (endsAt === null || durationSeconds === null) return null
  const more = extension.allowed ? Math.max(0, extension.maxTotalSeconds - durationSeconds) : 0
  return plus(endsAt, more + graceSeconds)
}

/** The refusal of a length that would run past the latest end; null where it fits. */
export function pastLatestEnd(
  room: Pick<ReturnType<typeof extensionRoom>, 'latestEnd'>,
  endsAt: Date,
  seconds: number,
): Refusal | null {
  return plus(endsAt, seconds) > room.latestEnd
    ? refuse('limit', 'That would run past the latest possible end. Choose a shorter length', 'seconds')
    : null
}

/**
 * When a request made or changed at `from` lapses: after the policy's time, and one for more time when the access
 * ends at the latest. Undecided at its end the access may go on for the grace, and be decided on as long as that lasts.
 */
export function decideByOf(
  definition: Pick<PolicyDefinition, 'decideWithinSeconds' | 'graceSeconds'>,
  from: Date,
  grant: { readonly endsAt: Date; readonly graceGiven: boolean } | null,
): Date {
  const byPolicy = plus(from, definition.decideWithinSeconds)
  if (!grant) return byPolicy
  const latest = plus(grant.endsAt, grant.graceGiven ? 0 : definition.graceSeconds)
  return byPolicy < latest ? byPolicy : latest
}

/**
 * What separation of duties and the policy want before somebody may hold something longer. More time is no new hold,
 * so that only what is held already stands against it. `steps` are all there are; where the policy itself agrees to
 * the length, only `extra`, those of the rules, are left.
 */
export function extensionFlow(
  definition: PolicyDefinition,
  conflicts: readonly Conflict[],
  name: string,
): { refused: Refusal | null; steps: ApprovalStep[]; extra: ApprovalStep[] } {
  const extra = extraSteps(conflicts, ['held'])
  return {
    refused: refusedTogether(conflicts, name, ['held']),
    steps: [...stepsFor(definition, 'extension'), ...extra],
    extra,
  }
}
