import type { Drift } from './domain/drift'

/** So many names stand in a sentence; of more, the number says enough. */
const NAMED = 5

const named = (all: readonly string[]) =>
  all.length > NAMED ? `${all.slice(0, NAMED).join(', ')} and ${all.length - NAMED} more` : all.join(', ')
const counted = (count: number, one: string) => `${count} ${count === 1 ? one : `${one}s`}`

interface Read {
  readonly entitlement: {
    readonly name: string
    readonly holdersAt: Date | null
    readonly exclusiveCap: number
  }
  readonly drift: Drift
  readonly removing: readonly { readonly name: string }[]
  readonly tooMany: number | null
}

/** What a run of readings found, in sentences; null where it found nothing new and closed nothing. */
export function driftWords(read: readonly Read[]): string | null {
  const first = read.filter(({ entitlement }) => entitlement.holdersAt === null)
  const parts = first.map(
    ({ entitlement, drift }) =>
      `First reading of ${entitlement.name}: ${counted(drift.baseline.length, 'standing holder')}.`,
  )
  const shown = parts.length > NAMED ? [`First reading of ${counted(parts.length, 'entitlement')}.`] : parts
  for (const { entitlement, drift, removing, tooMany } of read) {
    const { name, exclusiveCap } = entitlement
    if (drift.unknown.length > 0)
      shown.push(`Hold ${name} without a right: ${named(drift.unknown.map((holder) => holder.name))}.`)
    if (drift.missing.length > 0)
      shown.push(`${counted(drift.missing.length, 'lease')} of ${name} not in the target.`)
    if (drift.closed.length > 0) shown.push(`${counted(drift.closed.length, 'finding')} on ${name} over.`)
    if (removing.length > 0)
      shown.push(`Being removed, ${name} is just-in-time only: ${named(removing.map((one) => one.name))}.`)
    if (tooMany !== null)
      shown.push(
        `${tooMany} to remove from ${name}, more than ${exclusiveCap} in one go: nobody was removed.`,
      )
  }
  return shown.length > 0 ? shown.join(' ') : null
}
