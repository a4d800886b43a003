/** Whether a change to one member of a set left all the others alone (SCIM servers and user groups replace lists). */

export interface OthersMoved {
  /** Members beside the one we change that were there before and are not there after. */
  gone: string[]
  /** Members beside the one we change that were not there before and are there after. */
  come: string[]
}

/**
 * Compares the members of one set before and after a change to `ours`. Repeats in a list count once.
 * @param before ids of the direct members, read just before the change
 * @param after the same, read just after it
 * @param ours the one member that was to change
 * @returns null where nobody else moved
 */
export function othersMoved(
  before: Iterable<string>,
  after: Iterable<string>,
  ours: string,
): OthersMoved | null {
  const was = new Set(before)
  const is = new Set(after)
  const gone = [...was].filter((id) => id !== ours && !is.has(id))
  const come = [...is].filter((id) => id !== ours && !was.has(id))
  return gone.length + come.length > 0 ? { gone, come } : null
}

const counted = (many: number) => (many === 1 ? '1 other member' : `${many} other members`)

/** The same as half a sentence: "3 other members went (a, b and 1 more) and 1 other member came (c)". */
export function movedWords({ gone, come }: OthersMoved, nameOf = (id: string) => id): string {
  const part = (ids: string[], verb: string) => {
    if (ids.length === 0) return []
    const names = ids.slice(0, 3).map(nameOf).join(', ')
    const more = ids.length > 3 ? ` and ${ids.length - 3} more` : ''
    return [`${counted(ids.length)} ${verb} (${names}${more})`]
  }
  return [...part(gone, 'went'), ...part(come, 'came')].join(' and ')
}
