/** Holds the timeline against its chain, and the chain against checkpoints: `npm run audit:verify`. Changes nothing. */
import 'server-only'
import { asc, eq, gt, sql } from 'drizzle-orm'
import { type Db, type Reader, schema } from '@/db/client'
import { readCheckpoint } from './checkpoint-form'
import { MOST_LINKS } from './checkpoints'
import { NO_SEAL, payloadHash, sealedEntry, sealHash } from './form'
import type { PublicJwk } from './keys'
import { merkleRoot } from './merkle'
import { readRanges } from './ranges'

const { checkpoint, seal, timeline, unsealed } = schema

/** The first row that is wrong, and in a sentence how. */
export interface Fault {
  readonly link?: number
  readonly entry?: number
  readonly what: string
}

/** How the record stands. */
export interface Verified {
  /** Links that were checked; up to the first fault. */
  readonly links: number
  /** Committed entries that have no link yet. */
  readonly waiting: number
  /** Payloads that were erased, each named by the record of its erasure. */
  readonly erased: number
  /** Checkpoints that the chain agrees with. */
  readonly checkpoints: number
  /** The last of these. */
  readonly proven: { readonly link: number; readonly at: string } | null
  readonly fault: Fault | null
}

/** A checkpoint to hold the chain against, and where it is kept. */
interface Kept {
  readonly jws: string
  readonly where: string
}

export interface VerifyOptions {
  /** Checkpoints from off the machine, one a line. */
  readonly file?: { readonly name: string; readonly text: string }
  /** Whose signatures are believed; null: the chain alone is checked, without any checkpoint. */
  readonly trusted: readonly PublicJwk[] | null
  /** Links read at a time. */
  readonly batch?: number
}

type Progress = { -readonly [K in keyof Omit<Verified, 'fault'>]: Verified[K] }

class Wrong extends Error {
  constructor(
    readonly fault: Fault,
    /** The checkpoint that the chain does not agree with. */
    readonly mark?: Mark,
  ) {
    super(fault.what)
  }
}

const wrong = (what: string, where: Omit<Fault, 'what'> = {}, mark?: Mark): never => {
  throw new Wrong({ ...where, what }, mark)
}

/** One reading of the whole chain from the first link, in one snapshot of the database; stops at the first fault. */
export async function verifyChain(db: Db, options: VerifyOptions): Promise<Verified> {
  const done: Progress = { links: 0, waiting: 0, erased: 0, checkpoints: 0, proven: null }
  try {
    await db.transaction(
      async (tx) => {
        const marks = await marksOf(tx, options)
        await walk(tx, marks, options.batch ?? 5000, done)
        await unlinked(tx)
        done.waiting = await tx.$count(unsealed)
      },
      { isolationLevel: 'repeatable read', accessMode: 'read only' },
    )
    return { ...done, fault: null }
  } catch (error) {
    if (!(error instanceof Wrong)) throw error
    const fork = error.mark && (await restoreBefore(db, error.mark))
    return { ...done, fault: fork ? { ...error.fault, what: `${error.fault.what} ${fork}` } : error.fault }
  }
}

interface Mark {
  readonly from: number
  readonly seq: number
  readonly hash: string
  readonly root: string
  readonly at: string
  readonly where: string
}

/** What the checkpoints say, by the link they end with; each must be signed by a key that is trusted. */
async function marksOf(db: Reader, { file, trusted }: VerifyOptions): Promise<Mark[]> {
  if (!trusted) return []
  const rows = await db.select().from(checkpoint).orderBy(asc(checkpoint.seq))
  const lines = file?.text.split('\n').map((line) => line.trim()) ?? []
  const kept: Kept[] = [
    ...rows.map(({ jws, seq }) => ({ jws, where: `checkpoint ${seq} of the database` })),
    ...lines.flatMap((jws, i) => (jws ? [{ jws, where: `line ${i + 1} of ${file?.name}` }] : [])),
  ]
  if (file && kept.length === rows.length) wrong(`There is no checkpoint in ${file.name}.`)
  const marks = kept.map(({ jws, where }) => {
    const read = readCheckpoint(jws, trusted)
    return read.ok
      ? { ...read.said, where }
      : wrong(`The checkpoint on ${where} cannot be believed: ${read.why}.`)
  })
  return marks.toSorted((a, b) => a.seq - b.seq)
}

type Row = { seal: typeof seal.$inferSelect; entry: typeof timeline.$inferSelect | null }

async function walk(db: Reader, marks: readonly Mark[], batch: number, done: Progress): Promise<void> {
  const covered = await erasures(db)
  const ahead = [...marks]
  let [prev, proven, leaves] = [NO_SEAL, 0, [] as string[]]
  for (;;) {
    const rows: Row[] = await db
      .select({ seal, entry: timeline })
      .from(seal)
      .leftJoin(timeline, eq(timeline.id, seal.entryId))
      .where(gt(seal.seq, done.links))
      .orderBy(asc(seal.seq))
      .limit(batch)
    for (const row of rows) {
      prev = checkLink(row, prev, done.links + 1, covered)
      done.links = row.seal.seq
      if (row.entry?.erasedAt) done.erased += 1
      if (ahead.length > 0 && leaves.length <= MOST_LINKS) leaves.push(prev)
      while (ahead[0]?.seq === row.seal.seq) {
        const mark = ahead.shift() as Mark
        checkMark(mark, prev, leaves, proven)
        done.checkpoints += 1
        done.proven = { link: mark.seq, at: mark.at }
      }
      if (done.proven?.link === row.seal.seq) [proven, leaves] = [row.seal.seq, []]
    }
    if (rows.length < batch) break
  }
  const [missing] = ahead
  if (missing)
    wrong(
      `The chain ends with link ${done.links}, but ${missing.where}, signed ${missing.at}, knows link ${missing.seq}: the last entries were cut off.`,
      { link: done.links + 1 },
      missing,
    )
}

/**
 * What a quarantine on record says of a checkpoint that the chain does not know: it was signed before, beyond where the
 * restored chain ended. It explains the difference to whoever believes the record, and excuses none of it.
 */
async function restoreBefore(db: Reader, { seq, at }: Mark): Promise<string | null> {
  const entries = await db
    .select({ at: seal.sealedAt, data: timeline.data })
    .from(timeline)
    .innerJoin(seal, eq(seal.entryId, timeline.id))
    .where(eq(timeline.verb, 'quarantined'))
    .orderBy(asc(seal.seq))
  const fork = entries.find(({ at: sealedAt, data }) => Number(data.link) < seq && sealedAt > new Date(at))
  if (!fork) return null
  const { link, lost } = fork.data as { link: number; lost?: { from: number; to: number } }
  const from = lost?.from ?? link + 1
  const gone = from === seq ? `link ${seq}` : `links ${from} to ${lost?.to ?? seq}`
  return `On record: the database was restored from a backup, which was found at ${fork.at.toISOString()} with ${link} links in it; ${gone} of the chain before that restore are lost.`
}

/** A link against its entry and the link before; gives its hash. */
function checkLink({ seal: link, entry }: Row, prev: string, expected: number, covered: Covered): string {
  const at = { link: link.seq, entry: link.entryId }
  if (link.seq !== expected)
    wrong(`Link ${expected} is missing: the next one there is ${link.seq}.`, { link: expected })
  if (!entry) return wrong(`Entry ${link.entryId} was deleted: link ${link.seq} knows it.`, at)
  if (entry.erasedAt || entry.salt === null) {
    if (!covered(entry.id))
      wrong(`What entry ${entry.id} said is gone, and no record of an erasure names it: it was removed.`, at)
  } else if (payloadHash(entry.salt, entry.data) !== link.payloadHash)
    wrong(`What entry ${entry.id} says was changed after it was sealed as link ${link.seq}.`, at)
  const { seq, payloadHash: payload } = link
  const sealedAt = link.sealedAt.toISOString()
  const hash = sealHash({ seq, prev, sealedAt, entry: sealedEntry(entry), payloadHash: payload })
  if (hash !== link.hash)
    wrong(
      `Link ${link.seq} does not fit entry ${entry.id} and the link before it: the entry was changed, or entries were put in another order, in or out.`,
      at,
    )
  return hash
}

function checkMark(mark: Mark, hash: string, leaves: readonly string[], proven: number): void {
  const whole = leaves.length === mark.seq - mark.from + 1
  if (mark.hash === hash && (!whole || merkleRoot(leaves) === mark.root)) return
  const range = proven + 1 === mark.seq ? `link ${mark.seq}` : `one of the links ${proven + 1} to ${mark.seq}`
  wrong(
    `The chain is not the one that was signed: ${mark.where}, signed ${mark.at}, has another hash for link ${mark.seq}. Something in ${range} was changed and the chain computed anew.`,
    { link: proven + 1 },
    mark,
  )
}

type Covered = (entryId: number) => boolean

/**
 * The entries that records of erasure name; no two name the same, since a payload is erased once. The records are links
 * of the chain themselves and checked as such.
 */
async function erasures(db: Reader): Promise<Covered> {
  const records = await db.select({ data: timeline.data }).from(timeline).where(eq(timeline.verb, 'erased'))
  const ranges = records.flatMap(({ data }) => readRanges(data.entries)).sort((a, b) => a[0] - b[0])
  return (id) => {
    let [low, high] = [0, ranges.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ranges[middle]?.[0] ?? 0) <= id) low = middle + 1
      else high = middle
    }
    const last = ranges[low - 1]
    return last !== undefined && id <= last[1]
  }
}

/** Entries without a link must be waiting for one, and what waits must be there. */
async function unlinked(db: Reader): Promise<void> {
  const [slipped] = await db
    .select({ id: timeline.id })
    .from(timeline)
    .where(
      sql`not exists (select from ${seal} where ${seal.entryId} = ${timeline.id})
        and not exists (select from ${unsealed} where ${unsealed.entryId} = ${timeline.id})`,
    )
    .orderBy(asc(timeline.id))
    .limit(1)
  if (slipped)
    wrong(`Entry ${slipped.id} is in no link and does not wait for one: it was put in past the product.`, {
      entry: slipped.id,
    })
  const [lost] = await db
    .select({ id: unsealed.entryId })
    .from(unsealed)
    .where(sql`not exists (select from ${timeline} where ${timeline.id} = ${unsealed.entryId})`)
    .orderBy(asc(unsealed.entryId))
    .limit(1)
  if (lost) wrong(`Entry ${lost.id} was deleted before it was sealed.`, { entry: lost.id })
}
