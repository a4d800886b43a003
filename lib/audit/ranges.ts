/** Ids as an erasure's record lists them: "1-5,9", ascending. */
import 'server-only'

/** Writes ascending ids. */
export function writeRanges(ids: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const id of ids) {
    const last = ranges.at(-1)
    if (last && id === last[1] + 1) last[1] = id
    else ranges.push([id, id])
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',')
}

/** Reads them again; what is not of this form covers nothing. */
export function readRanges(text: unknown): [number, number][] {
  if (typeof text !== 'string') return []
  return text.split(',').flatMap((part): [number, number][] => {
    const [, from, to] = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part) ?? []
    return from ? [[Number(from), Number(to ?? from)]] : []
  })
}
