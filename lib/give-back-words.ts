import { formatDuration } from '@/lib/format'
import type { LeaseView } from '@/lib/views'

/** One line of what follows; the icon goes by the design system's name. */
export interface GiveBackLine {
  readonly icon: 'calendar-clock' | 'refresh' | 'pin' | 'power' | 'timer-off' | 'hourglass'
  readonly tone?: 'warn'
  readonly text: string
}

/** What giving back means, in sentences. */
export function consequencesOf(lease: LeaseView, now: Date, withdraw?: boolean): GiveBackLine[] {
  const { application, times, preexisting, pending } = lease
  if (withdraw && times.state === 'scheduled')
    return [
      { icon: 'calendar-clock', text: `It will not start on ${application.name}. Nothing was given yet.` },
      { icon: 'refresh', text: 'You can ask for it again any time.' },
    ]
  const lines: GiveBackLine[] = []
  if (preexisting)
    lines.push({
      icon: 'pin',
      text: `You held it on ${application.name} before, so the access itself stays; only the lease ends.`,
    })
  else
    lines.push({
      icon: 'power',
      tone: 'warn',
      text: application.byHand
        ? `Somebody takes you out of ${application.name} by hand.`
        : `It is taken from you on ${application.name} within seconds, and sessions that use it are closed where that is possible.`,
    })
  const left = times.endsAt ? Math.floor((times.endsAt.getTime() - now.getTime()) / 1000) : 0
  if (left > 60)
    lines.push({ icon: 'timer-off', text: `You lose the ${formatDuration(left)} that are left.` })
  if (pending) lines.push({ icon: 'hourglass', text: 'The extension you asked for lapses.' })
  lines.push({ icon: 'refresh', text: 'To have it again you ask anew, and somebody agrees anew.' })
  return lines
}
