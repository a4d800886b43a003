import { TimeText } from '@/components/lease/lease-clock'
import { Icon, type IconName } from '@/components/ui/icon'
import type { RequestView, StepView } from '@/lib/views'

type NotesProps = {
  request: RequestView
  steps: readonly StepView[]
  now: Date
  zone: string
}

/** What the request's own clocks do before it lapses: reminders, and when more people are asked. */
export function ClockNotes({ request, steps, now, zone }: NotesProps) {
  if (request.state !== 'pending') return null
  const { nextReminderAt, escalateAt } = request
  const open = steps.find((s) => s.open)
  const notes: { icon: IconName; lead: string; at: Date; rest?: string }[] = []
  if (open?.escalated)
    notes.push({
      icon: 'arrow-up-right',
      lead: 'escalated',
      at: open.escalated.at,
      rest:
        open.escalated.why === 'late'
          ? 'nobody decided, so the owners or the admins are asked as well'
          : 'too few were left who could agree, so the owners or the admins are asked',
    })
  else if (escalateAt)
    notes.push({
      icon: 'arrow-up-right',
      lead: 'escalates',
      at: escalateAt,
      rest: 'the owners or the admins are asked as well',
    })
  if (open?.reassigned)
    notes.push({
      icon: 'users',
      lead: `reassigned by ${open.reassigned.byName}`,
      at: open.reassigned.at,
      rest: open.reassigned.reason ? `“${open.reassigned.reason}”` : undefined,
    })
  if (nextReminderAt) notes.push({ icon: 'bell', lead: 'next reminder', at: nextReminderAt })
  if (notes.length === 0) return null
  return (
    <ul className="clock-notes">
      {notes.map((note) => (
        <li key={note.lead}>
          <Icon name={note.icon} size={14} />
          <span>
            <TimeText at={note.at} now={now} zone={zone} lead={capital(note.lead)} />
            {note.rest ? `: ${note.rest}` : ''}
          </span>
        </li>
      ))}
    </ul>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
