'use client'

import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import type { PolicyDefinition } from '@/lib/domain/policy'
import type { Coverage } from '@/lib/policy-coverage'
import { listed } from './listed'

type GapsProps = {
  coverage: Coverage
  definition: PolicyDefinition
  /** Adds the application's owners to a step; absent where nothing can be edited. */
  addOwners?: (step: number) => void
}

/** Says for whom nobody could agree. An empty step means that nobody can, never that everybody can. */
export function CoverageGaps({ coverage, definition, addOwners }: GapsProps) {
  const { blocked, eligible } = coverage
  const [first] = blocked
  if (!first) return null
  const shown = blocked.slice(0, 3).map((b) => b.name)
  const rest = blocked.length - shown.length
  const who = rest > 0 ? `${shown.join(', ')} and ${rest} more` : listed(shown)
  const same = blocked.every((b) => b.step === first.step)
  const step = same ? definition.steps[first.step] : undefined
  const mend = addOwners && step && !step.approvers.some((ref) => ref.kind === 'owners')
  return (
    <Callout tone="warn">
      <p className="b">
        For {blocked.length} of {eligible === 1 ? '1 person' : `${eligible} people`} nobody could agree
      </p>
      <p>
        {who}: {same ? `step ${first.step + 1}` : 'a step'} has too few people left, and an empty step means
        nobody can.
      </p>
      {mend ? (
        <Button variant="ghost" size="sm" className="mt-1 -ml-2" onClick={() => addOwners(first.step)}>
          Add the application owners to step {first.step + 1}
        </Button>
      ) : null}
    </Callout>
  )
}
