import 'server-only'
import { and, asc, count, desc, eq, inArray } from 'drizzle-orm'
import { schema } from '@/db/client'
import type {
  AccessEndedProps,
  CouldNotGiveProps,
  CouldNotRemoveProps,
  EndProof,
  ExtensionOffer,
  MailContent,
} from '@/emails'
import { getConnector } from '@/lib/connectors/registry'
import { ESCALATE_AFTER, plus } from '@/lib/domain/duration'
import { extensionFlow, extensionRoom, isExtensionAutomatic } from '@/lib/domain/extension'
import { isOver } from '@/lib/domain/grant'
import { longestGapMs } from '@/lib/engine/backoff'
import { hashToken } from '@/lib/ids'
import { createLink } from '@/lib/links'
import { approverBook } from '@/lib/services/approver-book'
import { accountsOf, adminsOf, type LoadedGrant, loadGrant } from '@/lib/services/facts'
import { conflictsOf } from '@/lib/services/separation-rules'
import { becauseOf, heldBy, lastDecision, nameOf, namesOf, narrowedBy } from './facts'
import { type Owed, pageUrl, reference } from './owed'

async function load({ db, row, now }: Owed): Promise<LoadedGrant | null> {
  return row.grantId ? loadGrant(db, row.grantId, now) : null
}

const access = (f: LoadedGrant) => ({ entitlement: f.entitlement.name, application: f.application.name })

async function approval({ db }: Owed, f: LoadedGrant) {
  const { request } = schema
  const first = await db.query.request.findFirst({
    where: and(eq(request.grantId, f.row.id), eq(request.kind, 'grant')),
    orderBy: asc(request.askedAt),
  })
  return first ? lastDecision(db, first.id) : null
}

const noticeAt = (f: LoadedGrant) =>
  f.row.endsAt && f.row.noticeSeconds !== null ? plus(f.row.endsAt, -f.row.noticeSeconds) : null

export async function accessReady(owed: Owed): Promise<MailContent | null> {
  const f = await load(owed)
  if (f?.row.state !== 'active' || !f.row.grantedAt || isOver(f.row, owed.now)) return null
  return {
    kind: 'access-ready',
    props: {
      ...owed.base,
      ...access(f),
      reference: reference('Grant', f.row.id),
      givenAt: f.row.grantedAt,
      endsAt: f.row.endsAt,
      noticeAt: noticeAt(f),
      extendable: f.definition.extension.allowed && f.row.endsAt !== null && !f.row.emergency,
      preexisting: f.row.preexisting,
      howTo: f.entitlement.howToUse,
      approvedBy: (await approval(owed, f))?.by ?? null,
      url: pageUrl('/'),
    },
  }
}

/** Dropped when the end has moved since, or has come: never after the end, one per end. */
export async function expiryNotice(owed: Owed): Promise<MailContent | null> {
  const f = await load(owed)
  const { endsAt, grantedAt } = f?.row ?? {}
  if (f?.row.state !== 'active' || !endsAt || !grantedAt || owed.now >= endsAt) return null
  if (endsAt.toISOString() !== owed.row.data.endsAt) return null
  const decision = await approval(owed, f)
  return {
    kind: 'expiry-notice',
    props: {
      ...owed.base,
      ...access(f),
      reference: reference('Grant', f.row.id),
      grantId: f.row.id,
      sequence: f.row.extensions,
      givenAt: grantedAt,
      endsAt,
      extension: await offer(owed, f, grantedAt, endsAt),
      closesSessions: f.connection
        ? getConnector(f.connection.connector).capabilities(f.connection.config).sessionKill
        : false,
      preexisting: f.row.preexisting,
      approved: decision ? { by: decision.by, at: decision.at } : null,
      backUrl: pageUrl(`/grants/${f.row.id}/give-back`),
      url: pageUrl('/'),
    },
  }
}

async function offer(
  { db, reader, now }: Owed,
  f: LoadedGrant,
  grantedAt: Date,
  endsAt: Date,
): Promise<ExtensionOffer> {
  const { extension } = f.definition
  if (f.row.emergency) return { allowed: false, why: 'emergency' }
  if (!extension.allowed) return { allowed: false, why: 'policy' }
  const grace =
    f.definition.graceSeconds > 0 && !f.row.graceGiven ? { graceSeconds: f.definition.graceSeconds } : {}
  if (f.pending) return { allowed: false, why: 'pending', ...grace }
  const room = extensionRoom(extension, { grantedAt, endsAt, extensions: f.row.extensions })
  if (room.left === 0) return { allowed: false, why: 'count' }
  const fits = f.definition.presets.map((p) => p.seconds).filter((s) => plus(endsAt, s) <= room.latestEnd)
  if (!room.allowed || fits.length === 0) return { allowed: false, why: 'length' }
  const conflicts = await conflictsOf(db, f.row.personId, f.row.entitlementId)
  const { refused, steps, extra } = extensionFlow(f.definition, conflicts, f.entitlement.name)
  if (refused) return { allowed: false, why: 'separation' }
  const maxSeconds = Math.max(...fits)
  const published = await publishedByHolder(db, f)
  const automatic = (seconds: number) => isExtensionAutomatic(f.definition, { published, seconds })
  const alone = extra.length === 0 ? fits.filter(automatic) : []
  const place = {
    // What the policy agrees to by itself still needs the rules' own yes.
    steps: automatic(maxSeconds) && extra.length > 0 ? extra : steps,
    applicationId: f.application.id,
    personId: f.row.personId,
    askerId: f.row.personId,
  }
  const { approvers } = (await approverBook(db, [place], now)).standing(place)
  const token = await createLink(db, {
    purpose: 'extend',
    personId: reader.id,
    requestId: null,
    grantId: f.row.id,
    digest: hashToken(`${f.row.id}:${endsAt.toISOString()}`),
    expiresAt: endsAt,
  })
  return {
    allowed: true,
    url: pageUrl(`/extend/${token}`),
    maxSeconds,
    deciders: [...(await namesOf(db, approvers[0] ?? [])).values()],
    left: room.left,
    ...(alone.length > 0 && { automaticSeconds: Math.max(...alone) }),
    ...grace,
  }
}

/** Whether the holder published the policy that gave it; then nothing is agreed to by its own rule. */
async function publishedByHolder(db: Owed['db'], f: LoadedGrant): Promise<boolean> {
  const version = await db.query.policyVersion.findFirst({
    where: eq(schema.policyVersion.id, f.row.policyVersionId),
    columns: { publishedBy: true },
  })
  const own = await accountsOf(db, f.row.personId)
  return own.includes(version?.publishedBy ?? '')
}

export async function extended(owed: Owed): Promise<MailContent | null> {
  const f = await load(owed)
  const { request } = schema
  const asked = owed.row.requestId
    ? await owed.db.query.request.findFirst({ where: eq(request.id, owed.row.requestId) })
    : null
  if (!f?.row.endsAt || !f.row.grantedAt || !asked?.seconds || f.row.state !== 'active') return null
  const votes = await owed.db.query.decision.findMany({
    where: and(eq(schema.decision.requestId, asked.id), eq(schema.decision.round, asked.round)),
    orderBy: asc(schema.decision.decidedAt),
  })
  return {
    kind: 'extended',
    props: {
      ...owed.base,
      ...access(f),
      reference: reference('Grant', f.row.id),
      grantId: f.row.id,
      sequence: f.row.extensions,
      givenAt: f.row.grantedAt,
      previousEndsAt: plus(f.row.endsAt, -asked.seconds),
      endsAt: f.row.endsAt,
      ...(owed.reader.id === f.row.personId ? {} : { holder: await nameOf(owed.db, f.row.personId) }),
      decision: await lastDecision(owed.db, asked.id),
      askedSeconds: asked.askedSeconds ?? asked.seconds,
      ...(await narrowedBy(owed.db, votes)),
      ...(asked.askerId === owed.reader.id || owed.reader.id !== f.row.personId
        ? {}
        : { askedBy: await nameOf(owed.db, asked.askerId) }),
      noticeAt: noticeAt(f),
      url: pageUrl('/'),
    },
  }
}

export async function accessEnded(owed: Owed): Promise<MailContent | null> {
  const f = await load(owed)
  if (!f || (f.row.state !== 'ended' && f.row.state !== 'failed') || !f.row.endReason || !f.row.rightOverAt)
    return null
  const said = await endEntry(owed, f)
  const sessions = owed.row.data.sessionsEnded
  const props: AccessEndedProps = {
    ...owed.base,
    ...access(f),
    reference: reference('Grant', f.row.id),
    why: f.row.endReason,
    by: said.by,
    note: said.note,
    givenAt: f.row.grantedAt,
    endsAt: f.row.endReason === 'expired' ? f.row.rightOverAt : f.row.endsAt,
    endedAt: f.row.seenAbsentAt ?? f.row.rightOverAt,
    proof: await proofOf(owed, f),
    ...(typeof sessions === 'number' && f.connection ? { sessionsClosed: sessions } : {}),
    holds: await heldBy(owed.db, f.row.personId, f.row.id),
    againUrl: f.row.endReason === 'left' ? undefined : pageUrl(`/catalogue/${f.row.entitlementId}/request`),
    url: pageUrl('/'),
  }
  return { kind: 'access-ended', props }
}

async function proofOf(owed: Owed, f: LoadedGrant): Promise<EndProof> {
  if (f.row.preexisting) return { kind: 'stays' }
  if (!f.row.seenAbsentAt)
    return f.row.endReason === 'attested' ? attestedBy(owed, f.row.id) : { kind: 'never-given' }
  return f.row.verified
    ? { kind: 'seen', at: f.row.seenAbsentAt, lateMs: f.row.lateMs ?? 0 }
    : { kind: 'unverified', at: f.row.seenAbsentAt }
}

/** Who stated that it is gone, and what the last of them said. */
async function attestedBy({ db }: Owed, grantId: string): Promise<EndProof> {
  const { person, timeline } = schema
  const entries = await db
    .select({ name: person.name, data: timeline.data })
    .from(timeline)
    .innerJoin(person, eq(person.id, timeline.actorId))
    .where(
      and(
        eq(timeline.subjectType, 'grant'),
        eq(timeline.subjectId, grantId),
        inArray(timeline.verb, ['attesting', 'attested']),
      ),
    )
    .orderBy(desc(timeline.version))
    .limit(2)
  const note = entries[0]?.data.note
  const names = entries.map((entry) => entry.name).reverse()
  return { kind: 'attested', by: [...new Set(names)], reason: typeof note === 'string' ? note : '' }
}

/** Who ended it and what they said: from the entry that began the end. */
async function endEntry({ db }: Owed, f: LoadedGrant): Promise<{ by?: string; note?: string }> {
  const { timeline } = schema
  const [entry] = await db
    .select({ actorId: timeline.actorId, data: timeline.data })
    .from(timeline)
    .where(
      and(
        eq(timeline.subjectType, 'grant'),
        eq(timeline.subjectId, f.row.id),
        inArray(timeline.verb, ['ending', 'cancelled', 'left_standing']),
      ),
    )
    .orderBy(desc(timeline.version))
    .limit(1)
  const by = entry?.actorId && entry.actorId !== f.row.personId ? await nameOf(db, entry.actorId) : undefined
  return { by, note: typeof entry?.data.note === 'string' ? entry.data.note : undefined }
}

const giveTrouble: Record<string, CouldNotGiveProps['why']> = {
  retryable: 'unreachable',
  rate_limited: 'unreachable',
  unknown_outcome: 'unreachable',
  auth: 'credentials',
  misconfigured: 'credentials',
  principal_missing: 'no-account',
  principal_ambiguous: 'ambiguous-account',
  entitlement_missing: 'entitlement-gone',
  entitlement_unmanaged: 'refused',
  rejected: 'refused',
}

async function attempts({ db }: Owed, grantId: string, operations: readonly string[]) {
  const { attempt } = schema
  const mine = and(eq(attempt.grantId, grantId), inArray(attempt.operation, [...operations]))
  const [total] = await db.select({ n: count() }).from(attempt).where(mine)
  const [first] = await db.select().from(attempt).where(mine).orderBy(asc(attempt.id)).limit(1)
  const [last] = await db.select().from(attempt).where(mine).orderBy(desc(attempt.id)).limit(1)
  return { total: total?.n ?? 0, first, last }
}

export async function couldNotGive(owed: Owed): Promise<MailContent | null> {
  const f = await load(owed)
  if (!f || !['failed', 'revoking', 'ended'].includes(f.row.state)) return null
  const tried = await attempts(owed, f.row.id, ['resolve', 'check', 'grant', 'grant.poll'])
  const holder = owed.reader.id === f.row.personId ? undefined : await nameOf(owed.db, f.row.personId)
  const ineligible = String(owed.row.data.why ?? '').includes('access policy')
  const archived = f.application.archivedAt !== null
  const trouble = giveTrouble[f.row.lastAnswer ?? ''] ?? 'unreachable'
  return {
    kind: 'could-not-give',
    props: {
      ...owed.base,
      ...access(f),
      reference: reference('Grant', f.row.id),
      holder,
      why: ineligible ? 'not-eligible' : archived ? 'archived' : f.connection ? trouble : 'task-not-done',
      answer: tried.last?.message ?? null,
      attempts: tried.total,
      firstTriedAt: f.row.firstGiveAt,
      startBy: f.row.startBy,
      proof: giveProof(f),
      url: archived ? pageUrl('/') : pageUrl(`/catalogue/${f.row.entitlementId}/request`),
      canAskAgain: holder === undefined && !ineligible && !archived,
    },
  }
}

function giveProof(f: LoadedGrant): CouldNotGiveProps['proof'] {
  if (!f.row.firstGiveAt) return 'never-sent'
  return f.row.state === 'failed' || f.row.seenAbsentAt ? 'seen-absent' : 'unclear'
}

const takeTrouble: Record<string, CouldNotRemoveProps['why']> = {
  retryable: 'unreachable',
  unknown_outcome: 'unclear',
  auth: 'credentials',
  misconfigured: 'credentials',
  rate_limited: 'rate-limited',
  rejected: 'refused',
  entitlement_unmanaged: 'refused',
  still_there: 'still-there',
}

/** That an access came back after it had been seen absent is news, whatever became of it since. */
export const cameBack = (row: Pick<Owed['row'], 'occasion'>) => row.occasion.startsWith('came-back:')

/** Dropped when it is gone meanwhile, unless it is about an access that came back. */
export async function couldNotRemove(owed: Owed): Promise<MailContent | null> {
  const f = await load(owed)
  const back = cameBack(owed.row)
  if (!f?.row.rightOverAt || (f.row.state !== 'revoking' && !back)) return null
  const tried = await attempts(owed, f.row.id, ['revoke', 'revoke.poll', 'endSessions', 'check'])
  const work = await owed.db.query.work.findFirst({
    where: and(eq(schema.work.kind, 'take'), eq(schema.work.subjectId, f.row.id)),
  })
  const told = await alsoTold(owed)
  const escalated = owed.row.data.escalated === true
  return {
    kind: 'could-not-remove',
    props: {
      ...owed.base,
      ...access(f),
      reference: reference('Grant', f.row.id),
      holder: await nameOf(owed.db, f.row.personId),
      lets: f.entitlement.description,
      givenAt: f.row.grantedAt ?? f.row.createdAt,
      dueAt: f.row.rightOverAt,
      cameBack: back
        ? { at: owed.row.createdAt, goneAt: f.row.state === 'ended' ? f.row.seenAbsentAt : null }
        : null,
      why: f.connection ? (takeTrouble[f.row.lastAnswer ?? ''] ?? 'unclear') : 'task-not-done',
      answer: work?.lastError ?? tried.last?.message ?? null,
      target: f.connection ? getConnector(f.connection.connector).target(f.connection.config) : null,
      attempts: tried.total,
      lastTriedAt: tried.last?.startedAt ?? null,
      nextTryAt: work?.notBefore ?? null,
      maxGapSeconds: Math.ceil(longestGapMs(f.row.lastAnswer) / 60_000) * 60,
      toldAt: escalated ? f.row.overdueSince : null,
      adminsAt: escalated || back ? null : await adminsToldAt(owed, f, told),
      alsoTold: [...(await namesOf(owed.db, told)).values()],
      because: becauseOf(owed.reader.id, f.ownerIds),
      url: pageUrl(`/settings/access-management/grants/${f.row.id}`),
    },
  }
}

/** Who else has a mail of this occasion. */
async function alsoTold({ db, row, reader }: Owed): Promise<string[]> {
  const rows = await db.query.mail.findMany({
    where: eq(schema.mail.occasion, row.occasion),
    columns: { personId: true },
  })
  return rows.flatMap(({ personId }) => (personId && personId !== reader.id ? [personId] : []))
}

/** When the admins are told who were not yet; null where all of them were. */
async function adminsToldAt(owed: Owed, f: LoadedGrant, told: readonly string[]): Promise<Date | null> {
  const left = (await adminsOf(owed.db)).filter((id) => id !== owed.reader.id && !told.includes(id))
  return left.length > 0 && f.row.overdueSince ? plus(f.row.overdueSince, ESCALATE_AFTER) : null
}
