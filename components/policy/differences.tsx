import { Icon } from '@/components/ui/icon'
import type { PolicyDifference } from '@/lib/policy-differences'

/** What one version says differently: what goes is crossed out, what comes is underlined, both with a sign. */
export function Differences({ differences }: { differences: readonly PolicyDifference[] }) {
  if (differences.length === 0) return null
  return (
    <dl className="p-diff">
      {differences.map((difference) => (
        <div key={difference.label}>
          <dt>{difference.label}</dt>
          <dd>
            {difference.removed.map((value) => (
              <del key={value}>
                <Icon name="minus" size={12} label="removed" />
                <span>{value}</span>
              </del>
            ))}
            {difference.added.map((value) => (
              <ins key={value}>
                <Icon name="plus" size={12} label="added" />
                <span>{value}</span>
              </ins>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}
