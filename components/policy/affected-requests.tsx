'use client'

import type { Route } from 'next'
import { CheckboxField } from '@/components/ui/choice'
import { Link } from '@/components/ui/link'
import { formatClock } from '@/lib/format'
import type { AffectedRequest } from '@/lib/policy-views'

type Props = {
  affected: readonly AffectedRequest[]
  now: Date
  zone: string
  lapse: boolean
  setLapse: (lapse: boolean) => void
  /** What they can do afterwards. */
  hint: string
}

/** The requests that wait under a policy's older versions, and whether they lapse. */
export function AffectedRequests({ affected, now, zone, lapse, setLapse, hint }: Props) {
  if (affected.length === 0) return null
  return (
    <>
      <ul className="p-affected" aria-label="Pending requests">
        {affected.map((request) => (
          <li key={request.id}>
            <Link className="b" href={`/requests/${request.id}` as Route}>
              {request.person}: {request.entitlement} on {request.application}
            </Link>
            <small>
              asked {formatClock(request.askedAt, zone, now)}, {progress(request)}, under version{' '}
              {request.version}
            </small>
          </li>
        ))}
      </ul>
      <CheckboxField
        className="mt-3"
        label="Let these lapse; they have to ask anew"
        hint={hint}
        checked={lapse}
        onChange={(event) => setLapse(event.target.checked)}
      />
    </>
  )
}

const progress = ({ step, steps }: AffectedRequest) =>
  steps > 1 ? `waits on step ${step} of ${steps}` : 'not decided yet'
