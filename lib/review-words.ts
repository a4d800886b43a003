/** What a review of an emergency access finds. */
export const reviewVerdicts = ['justified', 'not_justified'] as const
export type ReviewVerdict = (typeof reviewVerdicts)[number]

export const reviewVerdictWords: Record<ReviewVerdict, string> = {
  justified: 'Justified',
  not_justified: 'Not justified',
}

/** How a finished review is kept in its task: the verdict, then what the reviewer wrote. */
export function reviewEvidence(verdict: ReviewVerdict, note: string): string {
  return `${reviewVerdictWords[verdict]}. ${note}`
}

/** The same the other way round; null for what is no review's evidence. */
export function readReview(evidence: string | null): { verdict: ReviewVerdict; note: string } | null {
  if (evidence === null) return null
  const verdict = reviewVerdicts.find((v) => evidence.startsWith(`${reviewVerdictWords[v]}. `))
  return verdict ? { verdict, note: evidence.slice(reviewVerdictWords[verdict].length + 2) } : null
}
