import { firstName, nameList } from '@/lib/asking-words'
import { formatClock, formatDuration } from '@/lib/format'
import type { DecisionView, ToDecide } from '@/lib/views'

/** What deciding says in words. Pure. */

/** Things in the order given, those of one ask moved together to where its first one stands. */
export function byAsk<T extends { readonly askId: string }>(items: readonly T[]): T[][] {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(item.askId, [...(groups.get(item.askId) ?? []), item])
  return [...groups.values()]
}

/** "Jun Sato in place of Ben Okafor", or just the name. */
export function voterName({ personName, forName }: Pick<DecisionView, 'personName' | 'forName'>): string {
  return forName ? `${personName} in place of ${forName}` : personName
}

/** "This is step 2 of 3. Ben Okafor agreed on step 1." Empty where there is one step. */
export function stepWords({ steps, progress }: Pick<ToDecide, 'steps' | 'progress'>): string {
  if (!progress || progress.steps < 2) return ''
  const done = steps.slice(0, progress.step).flatMap((step, i) => {
    const names = step.decisions.filter((d) => d.verdict === 'approve').map(voterName)
    return names.length > 0 ? [`${nameList(names)} agreed on step ${i + 1}.`] : []
  })
  return [`This is step ${progress.step + 1} of ${progress.steps}.`, ...done].join(' ')
}

/** What an approver's yes changed: "shortened to 6 hours", "not before tomorrow 08:00". */
export function narrowedWords(
  { seconds, startAt }: Pick<DecisionView, 'seconds' | 'startAt'>,
  zone: string,
  now: Date,
): string {
  return [
    seconds === null ? '' : `shortened to ${formatDuration(seconds)}`,
    startAt === null ? '' : `to start ${formatClock(startAt, zone, now)}`,
  ]
    .filter(Boolean)
    .join(', ')
}

/** "3 from Ana, asked in one go". */
export function askedTogether(count: number, askerName: string): string {
  return `${count} from ${firstName(askerName)}, asked in one go`
}

/** What became of a request that waited for somebody. */
export interface Became {
  readonly id: string
  readonly state: 'pending' | 'approved' | 'denied' | 'withdrawn' | 'lapsed'
  readonly at: Date | null
  readonly byNames: readonly string[]
}

/** "Mira Lindqvist approved it", "Nobody decided in time, so it lapsed", "It does not wait for you any more". */
export function becameWords({ state, byNames }: Became): string {
  const who = byNames.length > 0 ? nameList(byNames) : 'Somebody'
  switch (state) {
    case 'approved':
      return `${who} approved it`
    case 'denied':
      return `${who} denied it`
    case 'withdrawn':
      return `${who} withdrew it`
    case 'lapsed':
      return 'It lapsed'
    case 'pending':
      return 'It does not wait for you any more'
  }
}

/** From when a length would run: the present end, the start that is set, or now. */
export function startOf(
  request: Pick<ToDecide, 'kind' | 'startAt' | 'grant'>,
  later: Date | null,
  now: Date,
): Date {
  if (request.kind === 'extension') return request.grant?.times.endsAt ?? now
  const starts = [request.startAt, later].filter((at): at is Date => at !== null && at > now)
  return starts.sort((a, b) => b.getTime() - a.getTime())[0] ?? now
}

type Consequence = Pick<
  ToDecide,
  'kind' | 'entitlement' | 'application' | 'progress' | 'seconds' | 'startAt' | 'steps' | 'person' | 'grant'
>

/** What a yes does, in words. `later` is the start that the approver sets. */
export function consequenceWords(
  request: Consequence,
  { later, mayRevoke }: { later: Date | null; mayRevoke?: boolean },
  now: Date,
  zone: string,
): string {
  const { kind, entitlement, application, progress, seconds } = request
  const first = firstName(request.person.name)
  const back = mayRevoke ? ' You can take it back at any time.' : ''
  const steps = stepWords(request)
  const place = steps ? `${steps} ` : ''
  if (progress && progress.missing > 1)
    return `${place}${missingWords(progress)} ${first} gets ${entitlement.name} once all of them agreed.`
  if (kind === 'extension')
    return `${place}Once approved, the end moves at once and nothing is taken away in between. ${first} is told again before the new end.${back}`
  const start = startOf(request, later, now)
  const at = start > now ? formatClock(start, zone, now) : null
  const given = application.byHand
    ? `somebody is asked to give ${first} ${entitlement.name} by hand${at ? `, ${at}` : ''}`
    : `${first} gets ${entitlement.name} ${at ?? 'within seconds'}`
  return `${place}Once approved, ${given}.${seconds === null ? ' It has no end.' : ' It ends by itself.'}${back}`
}

function missingWords({ step, steps, agreed, needed }: NonNullable<ToDecide['progress']>): string {
  const here = needed - agreed - 1
  const more = here > 0 ? `${here} more ${here === 1 ? 'has' : 'have'} to agree on it` : ''
  const after = steps - step - 1
  const next = after > 0 ? `${after === 1 ? 'one step follows' : `${after} steps follow`}` : ''
  return `Your yes counts as one of those needed: ${[more, next].filter(Boolean).join(', and ')}.`
}
