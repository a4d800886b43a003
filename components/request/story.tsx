import { lostMailItems } from '@/components/timeline/lost-mails'
import { Timeline, type TimelineItem } from '@/components/timeline/timeline'
import { formatClock } from '@/lib/format'
import type { LostMail } from '@/lib/mail-views'
import { type TimelineEntryView, timelineWords } from '@/lib/timeline-words'
import type { RequestView } from '@/lib/views'

type StoryProps = {
  request: RequestView
  personName: string
  steps: number
  entries: readonly TimelineEntryView[]
  /** Mails about it that did not arrive. */
  lostMails?: readonly LostMail[]
  now: Date
  zone: string
}

/** What happened, oldest first, and what is still to come. */
export function Story({ request, personName, steps, entries, lostMails = [], now, zone }: StoryProps) {
  const place = {
    zone,
    now,
    application: request.application.name,
    entitlement: request.entitlement.name,
    holder: personName,
    extension: request.kind === 'extension',
    steps,
  }
  const items = entries.map(
    (entry): TimelineItem => ({ id: entry.id, at: entry.at, ...timelineWords(entry, place) }),
  )
  return (
    <Timeline
      entries={[...items, ...lostMailItems(lostMails)]}
      upcoming={toCome(request, personName, now, zone)}
      now={now}
      zone={zone}
      order="oldest"
    />
  )
}

function toCome(request: RequestView, name: string, now: Date, zone: string): TimelineItem[] {
  const { state, decideBy, startAt, grant } = request
  if (state === 'pending') {
    const lapse: TimelineItem = {
      id: 'lapse',
      at: decideBy,
      icon: 'clock-fading',
      text: 'It lapses without an answer',
    }
    const start = startAt && startAt > now
    return start
      ? [lapse, { id: 'start', at: startAt, icon: 'calendar-clock', text: 'Starts, if agreed by then' }]
      : [lapse]
  }
  if (state !== 'approved' || !grant) return []
  const { times } = grant
  const items: TimelineItem[] = []
  if (times.state === 'scheduled' && times.startsAt && times.startsAt > now)
    items.push({
      id: 'start',
      at: times.startsAt,
      icon: 'calendar-clock',
      text: `It starts; given by ${formatClock(grant.startBy, zone, now)} at the latest`,
    })
  if (times.state !== 'active' || !times.endsAt || times.endsAt <= now) return items
  if (times.noticeAt && times.noticeAt > now)
    items.push({ id: 'notice', at: times.noticeAt, icon: 'bell', text: `${name} is told` })
  const end = grant.preexisting
    ? 'The lease ends; the access was there before and stays'
    : 'It ends by itself'
  items.push({ id: 'end', at: times.endsAt, icon: 'timer-off', text: end })
  return items
}
