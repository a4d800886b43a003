import type { TimelineVerb } from './domain/timeline'
import { number, quoted, sentences, type TimelineEntryView, type TimelineWords, text } from './timeline-parts'

type Words = Omit<TimelineWords, 'who'> & { who?: string | null }
type DriftVerb = Extract<TimelineVerb, 'holders_read' | 'adopted' | 'ignored' | 'removing' | 'removed'>

const NAMED = 5

function removals(data: TimelineEntryView['data']): string | undefined {
  const all = Array.isArray(data.removals) ? data.removals : []
  const said = all.map((one) => `${one?.name} from ${one?.entitlementName}`)
  if (said.length <= NAMED) return said.join(', ') || undefined
  return `${said.slice(0, NAMED).join(', ')} and ${said.length - NAMED} more`
}

/** What is told of drift: readings of who holds what, and how findings were settled. */
export const driftTellers: Record<DriftVerb, (entry: TimelineEntryView) => Words> = {
  holders_read: ({ data }) => ({
    icon: 'eye',
    tone: 'info',
    text: 'read who holds what',
    detail: text(data.what),
  }),
  adopted: ({ data }) => ({
    icon: 'pin',
    tone: 'ok',
    text: `adopted ${text(data.name) ?? 'an account'} as standing in ${text(data.entitlement) ?? 'an entitlement'}`,
    detail: quoted(data.note),
  }),
  ignored: ({ data }) => ({
    icon: 'ban',
    tone: 'off',
    text: `left a finding on ${text(data.entitlement) ?? 'an entitlement'} be`,
    detail: sentences(text(data.name) && `${text(data.name)}.`, quoted(data.note)),
  }),
  removing: ({ data }) => ({
    icon: 'undo',
    tone: 'warn',
    text: 'removes who holds access without a right',
    detail: sentences(removals(data) && `${removals(data)}.`, quoted(data.reason)),
  }),
  removed: ({ data }) => ({
    icon: 'shield-check',
    tone: data.verified === false ? 'warn' : 'ok',
    who: data.verified === false ? 'Answered as removed' : 'Seen absent',
    text: `${text(data.name) ?? 'an account'} in ${text(data.entitlement) ?? 'an entitlement'}`,
    detail: sentences(
      text(data.via) && `Still effective via ${text(data.via)}.`,
      number(data.sessionsEnded) ? `${data.sessionsEnded} open sessions ended.` : undefined,
      text(data.sessionsLeft) && `Open sessions could not be ended: ${text(data.sessionsLeft)}`,
      data.verified === false && 'The target cannot be looked at, so this is its word: not verified.',
    ),
  }),
}
