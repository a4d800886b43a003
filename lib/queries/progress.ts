import 'server-only'
import { votesNeeded } from '@/lib/domain/policy'
import type { Vote } from '@/lib/domain/request'
import type { Standing } from '@/lib/services/approver-book'
import type { Progress } from '@/lib/views'

/** How far a pending request is, from its votes and its steps as they stand. */
export function progressOf({ steps, approvers }: Standing, step: number, votes: readonly Vote[]): Progress {
  const needed = (i: number) => {
    const found = steps[i]
    return found ? votesNeeded(found, approvers[i]?.length ?? 0) : 0
  }
  const agreed = votes.filter((v) => v.step === step && v.verdict === 'approve').length
  let missing = Math.max(0, needed(step) - agreed)
  for (let i = step + 1; i < steps.length; i++) missing += needed(i)
  return { step, steps: steps.length, agreed, needed: needed(step), missing }
}
