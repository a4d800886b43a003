'use client'

import { useNow } from '@/components/lease/lease-clock'
import { numberWord } from '@/lib/asking-words'
import { formatClock, formatRelative } from '@/lib/format'
import type { LeaseView } from '@/lib/views'

type SummaryProps = { leases: readonly LeaseView[]; permanent: number; now: Date; zone: string }

/** The first sentence of the day: how much I hold, what comes next, what is wrong. */
export function Summary({ leases, permanent, now, zone }: SummaryProps) {
  const current = useNow(now)
  const overdue = (l: LeaseView) => Boolean(l.times.overdueAt && l.times.overdueAt <= current)
  const held = leases.filter((l) => l.times.state === 'active' && !overdue(l)).length + permanent
  const coming = leases.filter((l) => ['scheduled', 'provisioning'].includes(l.times.state)).length
  const late = leases.filter(overdue).length
  const next = leases
    .flatMap((l) => (l.times.state === 'active' && l.times.endsAt ? [l.times.endsAt] : []))
    .filter((at) => at > current)
    .sort((a, b) => a.getTime() - b.getTime())[0]
  return (
    <p>
      {late > 0 ? (
        <b className="c-bad">
          {late === 1 ? 'One access' : `${numberWord(late)} accesses`} should be gone and{' '}
          {late === 1 ? 'is' : 'are'} not.{' '}
        </b>
      ) : null}
      You hold{' '}
      {held === 0 ? (late > 0 ? 'nothing else' : 'nothing') : `${held} ${held === 1 ? 'lease' : 'leases'}`}
      {late > 0 && held > 0 ? ' besides' : ''}
      {coming > 0 ? ` and ${coming} ${coming === 1 ? 'is' : 'are'} coming up` : ''}.{' '}
      {next ? (
        <>
          <span className="nowrap">Next end: {formatClock(next, zone, current)},</span>{' '}
          <span className="nowrap">{formatRelative(next, current)}.</span>
        </>
      ) : null}
    </p>
  )
}
