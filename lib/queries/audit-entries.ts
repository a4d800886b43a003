import 'server-only'
import { eq } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { isAmong } from '@/db/rows'
import { provisionerNamed } from '@/lib/domain/timeline'
import { type TimelineWords, timelineWords } from '@/lib/timeline-words'
import { type AuditObjectFacts, auditObjects } from './audit-objects'
import type { AuditPlace } from './audit-streams'

const { person, seal, timeline } = schema

/** An entry with everything that is said of it, names as they are now. */
export type AuditEntry = typeof timeline.$inferSelect & {
  readonly actor: { readonly id: string; readonly name: string; readonly email: string } | null
  readonly object: AuditObjectFacts
  /** Its link of the chain; null in the moment before it is sealed. */
  readonly seq: number | null
  readonly hash: string | null
  readonly words: TimelineWords
}

const nameless: AuditObjectFacts = { name: null, sub: null, href: null }

/** The entries at these places, in their order. `reader` is whose zone and now the times in sentences are told in. */
export async function auditEntries(
  db: Reader,
  places: readonly Pick<AuditPlace, 'id'>[],
  reader: { zone: string; now: Date },
): Promise<AuditEntry[]> {
  if (places.length === 0) return []
  const found = await db
    .select({
      row: timeline,
      actor: { id: person.id, name: person.name, email: person.email },
      link: { seq: seal.seq, hash: seal.hash },
    })
    .from(timeline)
    .leftJoin(seal, eq(seal.entryId, timeline.id))
    .leftJoin(person, eq(person.id, timeline.actorId))
    .where(
      isAmong(
        timeline.id,
        places.map(({ id }) => id),
      ),
    )
  const objects = await auditObjects(
    db,
    found.map(({ row }) => row),
  )
  const told = new Map(
    found.map(({ row, actor, link }) => {
      const object = objects.get(`${row.subjectType}:${row.subjectId}`) ?? gone(row.data)
      const entry = {
        ...row,
        id: String(row.id),
        actorName: actor?.name ?? provisionerNamed(row.actorSystem),
      }
      const words = timelineWords(entry, { ...object.place, ...reader })
      const sealed = { seq: link?.seq ?? null, hash: link?.hash ?? null }
      return [row.id, { ...row, ...sealed, actor, object, words }] as const
    }),
  )
  return places.flatMap(({ id }) => told.get(id) ?? [])
}

/** What is not there any more still has the name that its entry tells. */
function gone(data: Record<string, unknown>): AuditObjectFacts {
  return typeof data.name === 'string' ? { ...nameless, name: data.name } : nameless
}
