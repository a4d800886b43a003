import { Badge } from '@/components/ui/labels'
import { credentialWarningDays } from '@/lib/domain/credential'
import { formatDay, formatRelative } from '@/lib/format'

const DAY_MS = 86_400_000

/** Whether the end of a credential is near enough to be spoken of. */
const isNear = (endsAt: Date, now: Date) =>
  endsAt.getTime() - now.getTime() <= credentialWarningDays[0] * DAY_MS

/** Our credential ends soon, or has ended. Nothing where it does not, or where the target does not tell. */
export function CredentialBadge({ endsAt, now }: { endsAt: Date | null; now: Date }) {
  if (!endsAt || !isNear(endsAt, now)) return null
  const over = endsAt <= now
  return (
    <Badge tone={over ? 'bad' : 'warn'} icon="key-round">
      Credential {over ? 'ended' : 'ends'} {formatRelative(endsAt, now)}
    </Badge>
  )
}

/** The same with its day, and what follows from it. */
export function CredentialEnd({ endsAt, now, zone }: { endsAt: Date | null; now: Date; zone: string }) {
  if (!endsAt) return <p className="ink2">The system does not say when it ends.</p>
  const over = endsAt <= now
  const tone = over ? 'c-bad b' : isNear(endsAt, now) ? 'c-warn b' : undefined
  return (
    <p>
      <span className={tone}>
        {over ? 'Ended' : 'Ends'} {formatRelative(endsAt, now)}
      </span>
      , {formatDay(endsAt, zone, now)}.{' '}
      <span className="ink2">
        {over ? 'Save a new one.' : 'The owners are told 30, 7 and 1 days before.'}
      </span>
    </p>
  )
}
