import { type ApprovalStep, votesNeeded } from '@/lib/domain/policy'

/** How the product says who has to agree. Pure; names come in, in the order of the approver sets. */

const numbers = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** "four", and figures from eleven on. */
export function numberWord(n: number): string {
  return numbers[n] ?? n.toLocaleString('en')
}

/** "Ana", "Ana and Ben", "Ana, Ben and Jun", with `or` instead of `and` when one of them is enough. */
export function nameList(names: readonly string[], word: 'and' | 'or' = 'and'): string {
  if (names.length < 2) return names[0] ?? ''
  return `${names.slice(0, -1).join(', ')} ${word} ${names[names.length - 1]}`
}

/** The first word of a name, for sentences in which the whole name was said before. */
export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name
}

/** Who has to agree, short, for a column: "any 1 of 4", "either", "both", "your manager", "2 steps". */
export function agreeShort(steps: readonly ApprovalStep[], sets: readonly (readonly string[])[]): string {
  if (steps.length > 1) return `${steps.length} steps`
  const [step] = steps
  const n = sets[0]?.length ?? 0
  if (!step || n === 0) return 'nobody at present'
  if (n === 1 && step.approvers.every((a) => a.kind === 'manager')) return 'your manager'
  const needed = votesNeeded(step, n)
  if (n === 1) return needed > 1 ? 'nobody at present' : 'one person'
  if (needed > n) return 'nobody at present'
  if (n === 2) return needed === 1 ? 'either' : 'both'
  return needed === n ? `all ${n}` : `any ${needed} of ${n}`
}

/** Who has to agree, as the start of a sentence: "one of four people agrees", "both Ana and Ben agree". */
export function agreeSentence(
  steps: readonly ApprovalStep[],
  names: readonly (readonly string[])[],
): { who: string; verb: string }[] {
  return steps.map((step, i) => {
    const people = names[i] ?? []
    const n = people.length
    const needed = votesNeeded(step, n)
    if (n === 0 || needed > n) return { who: 'somebody', verb: 'agrees' }
    if (n === 1) return { who: people[0] ?? '', verb: 'agrees' }
    if (needed === 1)
      return n === 2
        ? { who: nameList(people, 'or'), verb: 'agrees' }
        : { who: `one of ${numberWord(n)} people`, verb: 'agrees' }
    if (needed === n)
      return n === 2
        ? { who: `both ${nameList(people)}`, verb: 'agree' }
        : { who: `all ${numberWord(n)} people`, verb: 'agree' }
    return { who: `${numberWord(needed)} of ${numberWord(n)} people`, verb: 'agree' }
  })
}

/**
 * Who is asked for one length. A rule of the policy agrees in the place of the policy's own steps, never of those that
 * separation of duties adds; with nothing left it is agreed to at once.
 */
export function askedSteps<Names>(
  steps: readonly ApprovalStep[],
  approverNames: readonly Names[],
  byRule: boolean,
): { steps: readonly ApprovalStep[]; approverNames: readonly Names[] } {
  const stays = (step: ApprovalStep | undefined) => !byRule || step?.separationId !== undefined
  return { steps: steps.filter(stays), approverNames: approverNames.filter((_, i) => stays(steps[i])) }
}

/** What a pending request lacks: "1 yes still missing". */
export function missingWords(missing: number): string {
  return `${missing} ${missing === 1 ? 'yes' : 'yeses'} still missing`
}
