import type { HealthState } from '@/lib/application-views'

/** The last 24 hours of a connection as a row of dots, and in words. */
export function HealthDots({ dots }: { dots: readonly HealthState[] }) {
  if (dots.length === 0) return null
  return (
    <span className="dots" role="img" aria-label={dotWords(dots)}>
      {dots.map((state, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: spans of a day, in their order.
        <i key={index} className={state} />
      ))}
    </span>
  )
}

function dotWords(dots: readonly HealthState[]): string {
  const looked = dots.filter((state) => state !== 'none').length
  const bad = dots.filter((state) => state === 'down' || state === 'partly').length
  if (looked === 0) return 'Not looked at in the last 24 hours'
  return bad === 0 ? 'No failure in the last 24 hours' : `Failures in ${bad} of the last 12 spans of 2 hours`
}
