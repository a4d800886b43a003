import 'server-only'
import type { AuditFormat, AuditView } from '@/lib/audit-url'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { exportText } from '@/lib/grant-csv'
import { ocsfEvent } from '@/lib/ocsf'
import type { ReceiverFormat } from '@/lib/receiver-views'
import { type AuditEntry, auditEntries } from './audit-entries'
import { type AuditPlace, auditPlaces, auditPlan } from './audit-streams'
import type { Look } from './grants'

const BATCH = 500
/** A short one first: whoever downloads sees at once that it begins. */
const FIRST = 50

export const auditColumns = [
  'id',
  'at',
  'seq',
  'actor_id',
  'actor',
  'actor_email',
  'verb',
  'sentence',
  'object_type',
  'object_id',
  'object_version',
  'object',
  'person_id',
  'person',
  'application',
  'entitlement',
  'data',
] as const

/** Whose eyes an export is for: nobody's, so its sentences tell every moment in full, in UTC. */
const NOBODY = { zone: 'UTC', now: new Date(0) }

/**
 * Every entry of the view as text, in batches, oldest first, up to the moment it is asked for. Null for whoever is
 * neither admin nor auditor.
 */
export async function exportAudit(
  ctx: Ctx,
  view: AuditView,
  look: Look,
  format: AuditFormat,
): Promise<AsyncGenerator<string> | null> {
  if (!can(ctx.actor, 'audit.see', {})) return null
  const plan = await auditPlan(ctx.db, view, look)
  const { to } = plan.bounds
  // Without an end it would run after what happens meanwhile, and might never arrive.
  const until = new Date(look.now.getTime() + 1)
  const bounds = { ...plan.bounds, to: to && to < until ? to : until }
  return (async function* texts() {
    if (format === 'csv') yield exportText('csv', auditColumns, [], true)
    let beyond: AuditPlace | null = null
    let limit = FIRST
    do {
      const stretch = { beyond, direction: 'newer', limit } as const
      const places: AuditPlace[] = await auditPlaces(ctx.db, { ...plan, bounds }, stretch)
      const entries = await auditEntries(ctx.db, places, NOBODY)
      if (entries.length > 0) yield auditText(format, entries)
      beyond = places.length === limit ? (places.at(-1) ?? null) : null
      limit = BATCH
    } while (beyond)
  })()
}

function auditText(format: AuditFormat, entries: readonly AuditEntry[]): string {
  if (format === 'csv') return exportText('csv', auditColumns, entries.map(csvOf))
  return entries.map((entry) => `${JSON.stringify(deliveredOf(format, entry))}\n`).join('')
}

/** The sentence as a timeline shows it, in one line. */
function sentenceOf({ words }: AuditEntry): string {
  return [words.who, words.text, words.detail].filter(Boolean).join(' ')
}

function csvOf(entry: AuditEntry): Record<(typeof auditColumns)[number], string | number | null> {
  const { object, actor } = entry
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    seq: entry.seq,
    actor_id: entry.actorId,
    actor: actor?.name ?? `Leasehold ${entry.actorSystem}`,
    actor_email: actor?.email ?? null,
    verb: entry.verb,
    sentence: sentenceOf(entry),
    object_type: entry.subjectType,
    object_id: entry.subjectId,
    object_version: entry.version,
    object: object.name,
    person_id: object.person?.id ?? null,
    person: object.person?.name ?? null,
    application: object.application?.name ?? null,
    entitlement: object.entitlement?.name ?? null,
    data: JSON.stringify(entry.data),
  }
}

/** One entry as a receiver of the log gets it, and a line of an export. */
export function deliveredOf(format: ReceiverFormat, entry: AuditEntry): Record<string, unknown> {
  return format === 'ocsf' ? ocsfOf(entry) : jsonOf(entry)
}

function jsonOf(entry: AuditEntry): Record<string, unknown> {
  const { object } = entry
  return {
    id: entry.id,
    at: entry.at.toISOString(),
    seq: entry.seq,
    hash: entry.hash,
    actor: entry.actor ?? { system: entry.actorSystem },
    verb: entry.verb,
    sentence: sentenceOf(entry),
    object: { type: entry.subjectType, id: entry.subjectId, version: entry.version, name: object.name },
    person: object.person ?? null,
    application: object.application ?? null,
    entitlement: object.entitlement ?? null,
    data: entry.data,
  }
}

/** The same as an OCSF event. */
function ocsfOf(entry: AuditEntry): Record<string, unknown> {
  const { object } = entry
  return ocsfEvent({
    ...entry,
    sentence: sentenceOf(entry),
    system: entry.actorSystem,
    object: object.name,
    person: object.person ?? null,
    application: object.application ?? null,
    entitlement: object.entitlement ?? null,
  })
}
