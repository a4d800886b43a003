import { blockedStep, type PolicyDefinition, stepsFor } from '@/lib/domain/policy'
import { formatDuration } from '@/lib/format'

type Props = {
  definition: PolicyDefinition
  /** Whom each step of a first request asks. */
  asked: readonly (readonly string[])[]
}

/** Who would be asked for more time by the person chosen. */
export function ExtensionAsked({ definition, asked }: Props) {
  const { mode, extension, extensionApproval, graceSeconds } = definition
  if (mode === 'permanent' || !extension.allowed) return null
  const steps = stepsFor(definition, 'extension')
  const stuck = blockedStep(steps, asked.slice(0, steps.length))
  const who = {
    same: 'The same people are asked, step by step.',
    first: `Only step 1 of ${definition.steps.length} is asked.`,
    automatic: `Nobody is asked for at most ${formatDuration(extensionApproval.automaticSeconds)}; for longer the same people are.`,
  }[extensionApproval.how]
  return (
    <div className="who-more">
      <h3>When they ask for more time</h3>
      <p>{who}</p>
      {graceSeconds > 0 ? (
        <p>While nobody has answered at the end, they keep it for {formatDuration(graceSeconds)}, once.</p>
      ) : null}
      {stuck === null ? null : (
        <p className="field-error" role="status">
          Nobody could agree to it: step {stuck + 1} has too few people left.
        </p>
      )}
    </div>
  )
}
