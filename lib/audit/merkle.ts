/** The Merkle tree over the hashes of a range of links, as in RFC 9162 (section 2.1): a short proof that one is in it. */
import 'server-only'
import { sha256Bytes } from './form'

/** The other half at one level, from the leaf up, and on which side of ours it stands. */
export interface PathStep {
  readonly side: 'left' | 'right'
  readonly hash: string
}

const leafHash = (hash: string) => sha256Bytes(Buffer.concat([Buffer.of(0), Buffer.from(hash, 'hex')]))
const nodeHash = (left: Buffer, right: Buffer) => sha256Bytes(Buffer.concat([Buffer.of(1), left, right]))

/** One level up; a last one without a pair goes up as it is. */
const above = (level: readonly Buffer[]): Buffer[] =>
  level.flatMap((node, i) => {
    if (i % 2 === 1) return []
    const right = level[i + 1]
    return [right ? nodeHash(node, right) : node]
  })

/** The root over at least one hash, all in hex. */
export function merkleRoot(hashes: readonly string[]): string {
  let level = hashes.map(leafHash)
  while (level.length > 1) level = above(level)
  if (!level[0]) throw new Error('a tree needs a leaf')
  return level[0].toString('hex')
}

/** The way from the hash at `index` up to the root. */
export function merklePath(hashes: readonly string[], index: number): PathStep[] {
  const path: PathStep[] = []
  let level = hashes.map(leafHash)
  for (let i = index; level.length > 1; i >>= 1) {
    const other = level[i ^ 1]
    if (other) path.push({ side: i % 2 === 1 ? 'left' : 'right', hash: other.toString('hex') })
    level = above(level)
  }
  return path
}

/** The root that a hash and its path lead to. */
export function rootOf(hash: string, path: readonly PathStep[]): string {
  return path
    .reduce((node, { side, hash: other }) => {
      const beside = Buffer.from(other, 'hex')
      return side === 'left' ? nodeHash(beside, node) : nodeHash(node, beside)
    }, leafHash(hash))
    .toString('hex')
}
