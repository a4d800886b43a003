import { Callout } from '@/components/ui/labels'
import { formatClock } from '@/lib/format'

type FreezeNoteProps = {
  freeze: { scope: 'organisation' | 'application'; at: Date; by: string | null; reason: string } | null
  /** The application it is about. */
  application: string
  now: Date
  zone: string
}

/** Says that giving is frozen, by whom and why, and what that means for what is agreed. */
export function FreezeNote({ freeze, application, now, zone }: FreezeNoteProps) {
  if (!freeze) return null
  const where = freeze.scope === 'organisation' ? 'All giving' : `Giving on ${application}`
  return (
    <Callout tone="bad" icon="octagon-alert">
      <p>
        <b>{where} is frozen</b> since {formatClock(freeze.at, zone, now)}
        {freeze.by ? ` by ${freeze.by}` : ''}: “{freeze.reason}”. What is agreed is given when that is lifted,
        up to its start-by. Taking back goes on.
      </p>
    </Callout>
  )
}
