import type { Route } from 'next'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { awaySentence, standsInSentence } from '@/lib/away-words'
import type { AwayView, StandsInView } from '@/lib/people-views'

type AwayNotesProps = {
  away: AwayView | null
  standsIn: readonly StandsInView[]
  now: Date
  zone: string
}

/** That one is away, and in whose place one decides now; nothing where neither is so. */
export function AwayNotes({ away, standsIn, now, zone }: AwayNotesProps) {
  if (!away && standsIn.length === 0) return null
  return (
    <ul className="away-notes" aria-label="Who is away">
      {away ? (
        <li>
          <Icon name="calendar-clock" size={14} className="ink2" />
          <span>
            {awaySentence(away, zone, now)}.{' '}
            <Link className="u" href={'/you#away' as Route}>
              Change
            </Link>
          </span>
        </li>
      ) : null}
      {standsIn.map((place) => (
        <li key={place.id}>
          <Icon name="users" size={14} className="ink2" />
          <span>{standsInSentence(place, zone, now)}.</span>
        </li>
      ))}
    </ul>
  )
}
