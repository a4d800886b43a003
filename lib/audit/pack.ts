/** The evidence pack of a grant: what of it anybody can check without asking us, and the check itself. */
import 'server-only'
import { readCheckpoint } from './checkpoint-form'
import { type Link, payloadHash, type SealedEntry, sealHash } from './form'
import type { PublicJwk } from './keys'
import { type PathStep, rootOf } from './merkle'

export const PACK_FORM = 'leasehold-evidence/1'

/** One timeline entry with its place in the chain. */
export interface PackEntry {
  readonly entry: SealedEntry
  /** Who did it, by name; not part of what is sealed. */
  readonly by: string
  /** What the entry says; null once it was erased, and then the salt is null too. */
  readonly payload: unknown
  readonly salt: string | null
  /** Null: not sealed yet, which takes a second. */
  readonly link: {
    readonly seq: number
    readonly prev: string
    readonly sealedAt: string
    readonly payloadHash: string
    readonly hash: string
  } | null
  /** The checkpoint that covers the link, and the way to its root; null: not covered yet. */
  readonly inclusion: { readonly checkpoint: number; readonly path: readonly PathStep[] } | null
}

/** What of a pack is proven by itself. */
export interface PackProof {
  readonly entries: readonly PackEntry[]
  readonly checkpoints: readonly { readonly seq: number; readonly jws: string }[]
}

/** How to check a pack without us; stands in the pack itself. */
export const packHow = [
  'Everything hashed is SHA-256 over UTF-8; "canonical" is JSON as in RFC 8785; hashes are written in hex.',
  'For each of "entries" with a payload: link.payloadHash is the hash of canonical([salt, payload]). An erased payload is null; its hash stays.',
  'link.hash is the hash of canonical({"form": "leasehold-seal/1", "seq": link.seq, "prev": link.prev, "sealedAt": link.sealedAt, "entry": {...entry, "payload": link.payloadHash}}).',
  'inclusion.path leads from the link to the root of its checkpoint (RFC 9162, 2.1): start with the hash of the byte 0x00 and the 32 bytes of link.hash; at each step hash the byte 0x01, then the step’s hash and ours, the one whose side is "left" first.',
  'Each of "checkpoints" is a compact JWS with an Ed25519 signature. Its payload names "root", and "hash", the hash of its last link.',
  'Check the signature with a public key that you got from the operator by another way, not with the one in here.',
  'With the source code at hand: npm run audit:verify -- --pack pack.json --keys keys.json',
  'Only "entries" and "checkpoints" are proven so. The rest is what the database says today, for reading.',
]

/** What is wrong with a pack, as sentences; none: every entry is as it was sealed, and in a checkpoint that was signed. */
export function packProblems(pack: PackProof, trusted: readonly PublicJwk[]): string[] {
  const roots = new Map<number, string>()
  const problems = pack.checkpoints.flatMap(({ seq, jws }) => {
    const read = readCheckpoint(jws, trusted)
    if (!read.ok) return [`Checkpoint ${seq} cannot be believed: ${read.why}.`]
    roots.set(read.said.seq, read.said.root)
    return []
  })
  return [...problems, ...pack.entries.flatMap((entry) => entryProblems(entry, roots))]
}

function entryProblems(
  { entry, payload, salt, link, inclusion }: PackEntry,
  roots: ReadonlyMap<number, string>,
): string[] {
  const which = `Entry ${entry.id}`
  if (!link) return [`${which} is not sealed yet.`]
  const { seq, prev, sealedAt } = link
  const said = salt === null ? link.payloadHash : payloadHash(salt, payload)
  if (said !== link.payloadHash) return [`What ${which} says is not what was sealed.`]
  const whole: Link = { seq, prev, sealedAt, entry, payloadHash: said }
  if (sealHash(whole) !== link.hash) return [`${which} is not what was sealed as link ${seq}.`]
  if (!inclusion) return [`${which} is in no checkpoint yet.`]
  const root = roots.get(inclusion.checkpoint)
  if (root === undefined || rootOf(link.hash, inclusion.path) !== root)
    return [`${which} is not in checkpoint ${inclusion.checkpoint}.`]
  return []
}
