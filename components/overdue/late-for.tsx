'use client'

import { useNow } from '@/components/lease/lease-clock'
import { formatRelative } from '@/lib/format'

/** How long it is late, counting. */
export function LateFor({ since, now }: { since: Date; now: Date }) {
  const current = useNow(now)
  return <>{formatRelative(since, current).replace(/ ago$/, '')} late</>
}

/** How far the next try is away, counting. */
export function NextTry({ at, now }: { at: Date; now: Date }) {
  const current = useNow(now)
  return <b className="b">{at <= current ? 'at any moment' : formatRelative(at, current)}</b>
}
