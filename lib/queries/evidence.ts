import 'server-only'
import { and, asc, eq, gte, inArray, lte, or } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { ownKeys } from '@/lib/audit/checkpoints'
import { NO_SEAL, sealedEntry } from '@/lib/audit/form'
import { merklePath } from '@/lib/audit/merkle'
import { PACK_FORM, type PackEntry, packHow } from '@/lib/audit/pack'
import type { Ctx } from '@/lib/context'
import { grantDetails } from './grant-details'
import { peopleOf } from './names'

const { attempt, checkpoint, decision, grant, policyVersion, request, seal, task, timeline } = schema

export type EvidencePack = NonNullable<Awaited<ReturnType<typeof evidencePack>>>

/**
 * Everything that proves one grant, for whoever may see the grant; null for everybody else. The entries carry their
 * place in the chain and their way into a checkpoint, so that a third party can check them without this install.
 */
export async function evidencePack(ctx: Ctx, id: string, now: Date) {
  const details = await grantDetails(ctx, id, now)
  if (!details) return null
  const { db } = ctx
  const [raw] = await db.select().from(grant).where(eq(grant.id, id))
  if (!raw) return null
  const requests = await db
    .select()
    .from(request)
    .where(eq(request.grantId, id))
    .orderBy(asc(request.askedAt))
  const requestIds = requests.map((row) => row.id)
  const [[policy], decisions, calls, findings, tasks] = await Promise.all([
    db.select().from(policyVersion).where(eq(policyVersion.id, raw.policyVersionId)),
    requestIds.length > 0
      ? db
          .select()
          .from(decision)
          .where(inArray(decision.requestId, requestIds))
          .orderBy(asc(decision.decidedAt))
      : [],
    db.select().from(attempt).where(eq(attempt.grantId, id)).orderBy(asc(attempt.id)),
    db.query.finding.findMany({ where: eq(schema.finding.grantId, id), orderBy: schema.finding.foundAt }),
    db.select().from(task).where(eq(task.grantId, id)).orderBy(asc(task.openedAt)),
  ])
  const { row } = details
  const { entries, checkpoints } = await provenEntries(db, {
    grantId: id,
    requestIds,
    taskIds: tasks.map((t) => t.id),
  })
  const people = await peopleOf(db, [
    ...requests.flatMap((r) => [r.askerId, r.personId]),
    ...decisions.flatMap((d) => [d.personId, ...(d.forId ? [d.forId] : [])]),
    ...tasks.flatMap((t) => t.doneBy ?? []),
  ])
  const named = (personId: string | null) =>
    personId ? { id: personId, name: people.get(personId)?.name ?? '' } : null
  return {
    form: PACK_FORM,
    writtenAt: now,
    how: packHow,
    keys: ownKeys().map((key) => key.jwk),
    grant: {
      id,
      state: raw.state,
      person: { ...row.person, email: details.personEmail },
      application: row.application,
      entitlement: row.entitlement,
      account: details.account,
      mode: raw.mode,
      baseline: raw.baseline,
      firstGiveAt: raw.firstGiveAt,
      grantedAt: raw.grantedAt,
      endsAt: raw.endsAt,
      endReason: raw.endReason,
      seenAbsentAt: raw.seenAbsentAt,
      lateMs: raw.lateMs,
      verified: raw.verified,
    },
    policy: policy && {
      version: policy.number,
      id: policy.id,
      name: policy.name,
      publishedAt: policy.publishedAt,
      definition: policy.definition,
    },
    requests: requests.map(({ askerId, personId, steps, ...r }) => {
      const { id: requestId, kind, state, reason, seconds, round, approval, askedAt, decidedAt } = r
      return {
        id: requestId,
        kind,
        state,
        asker: named(askerId),
        person: named(personId),
        reason,
        seconds,
        round,
        approval,
        steps,
        askedAt,
        decidedAt,
      }
    }),
    decisions: decisions.map(({ personId, forId, ...d }) => ({
      ...d,
      person: named(personId),
      inPlaceOf: named(forId),
    })),
    /** What the connector asked and was answered, what people did by hand, and where target and record disagreed. */
    proofs: {
      calls: calls.map(({ grantId: _, ...call }) => call),
      tasks: tasks.map(({ kind, state, openedAt, doneAt, doneBy, evidence }) => {
        return { kind, state, openedAt, doneAt, doneBy: named(doneBy), evidence }
      }),
      findings: findings.map(({ kind, detail, foundAt, closedAt, closedAs }) => ({
        kind,
        detail,
        foundAt,
        closedAt,
        closedAs,
      })),
    },
    entries,
    checkpoints,
  }
}

interface Subjects {
  readonly grantId: string
  readonly requestIds: readonly string[]
  readonly taskIds: readonly string[]
}

/** The entries of a grant, its requests and its tasks, in the order they were written, with their proofs. */
async function provenEntries(db: Reader, { grantId, requestIds, taskIds }: Subjects) {
  const about = (type: 'grant' | 'request' | 'task', ids: readonly string[]) =>
    ids.length > 0 ? and(eq(timeline.subjectType, type), inArray(timeline.subjectId, [...ids])) : undefined
  const rows = await db
    .select({ entry: timeline, link: seal, name: schema.person.name })
    .from(timeline)
    .leftJoin(seal, eq(seal.entryId, timeline.id))
    .leftJoin(schema.person, eq(schema.person.id, timeline.actorId))
    .where(or(about('grant', [grantId]), about('request', requestIds), about('task', taskIds)))
    .orderBy(asc(timeline.id))
  const seqs = rows.flatMap(({ link }) => link?.seq ?? [])
  const before = await db
    .select({ seq: seal.seq, hash: seal.hash })
    .from(seal)
    .where(inArray(seal.seq, seqs.length > 0 ? seqs.map((seq) => seq - 1) : [0]))
  const prevOf = new Map(before.map(({ seq, hash }) => [seq + 1, hash]))
  const { inclusions, checkpoints } = await inclusionsOf(db, seqs)
  const entries: PackEntry[] = rows.map(({ entry, link, name }) => ({
    entry: sealedEntry(entry),
    by: name ?? entry.actorSystem ?? '',
    payload: entry.erasedAt ? null : entry.data,
    salt: entry.salt,
    link: link && {
      seq: link.seq,
      prev: prevOf.get(link.seq) ?? NO_SEAL,
      sealedAt: link.sealedAt.toISOString(),
      payloadHash: link.payloadHash,
      hash: link.hash,
    },
    inclusion: link ? (inclusions.get(link.seq) ?? null) : null,
  }))
  return { entries, checkpoints }
}

/** For each link the checkpoint that covers it, and the way to its root. */
async function inclusionsOf(db: Reader, seqs: readonly number[]) {
  const inclusions = new Map<number, NonNullable<PackEntry['inclusion']>>()
  const checkpoints: { seq: number; jws: string }[] = []
  for (let open = seqs.toSorted((a, b) => a - b); open[0] !== undefined; ) {
    const [covering] = await db
      .select()
      .from(checkpoint)
      .where(gte(checkpoint.seq, open[0]))
      .orderBy(asc(checkpoint.seq))
      .limit(1)
    if (!covering) break
    const { seq: last, fromSeq, jws } = covering
    const leaves = await db
      .select({ hash: seal.hash })
      .from(seal)
      .where(and(gte(seal.seq, fromSeq), lte(seal.seq, last)))
      .orderBy(asc(seal.seq))
    const hashes = leaves.map((leaf) => leaf.hash)
    for (const seq of open.filter((one) => one <= last))
      inclusions.set(seq, { checkpoint: last, path: merklePath(hashes, seq - fromSeq) })
    checkpoints.push({ seq: last, jws })
    open = open.filter((seq) => seq > last)
  }
  return { inclusions, checkpoints }
}
