import 'server-only'
import { and, eq } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import type { MailContent } from '@/emails'
import { plus } from '@/lib/domain/duration'
import { isEligible } from '@/lib/domain/policy'
import { type LoadedGrant, loadGrant, loadPerson } from '@/lib/services/facts'
import { nameOf, namesOf } from './facts'
import { type Owed, pageUrl, reference } from './owed'

/** Whether a planned conversion is still ahead; one that began has told of itself. */
export async function stillPlanned(db: Reader, row: Owed['row']): Promise<boolean> {
  if (!row.grantId) return false
  const found = await db.query.grant.findFirst({ where: eq(schema.grant.id, row.grantId) })
  return found !== undefined && found.state !== 'ended' && found.state !== 'failed'
}

const requestOf = (db: Reader, grantId: string) =>
  db.query.request.findFirst({
    where: and(eq(schema.request.grantId, grantId), eq(schema.request.kind, 'grant')),
  })

/** To whoever holds it for good: it becomes a lease. */
export async function conversionPlanned(owed: Owed): Promise<MailContent | null> {
  const { db, row, now, base } = owed
  const f = row.grantId ? await loadGrant(db, row.grantId, now) : null
  if (!f || f.row.durationSeconds === null || !(await stillPlanned(db, row))) return null
  const asked = await requestOf(db, f.row.id)
  const endsAt = plus(f.row.startAt, f.row.durationSeconds)
  const owners = f.ownerIds.filter((id) => id !== f.row.personId)
  const contacts = owners.length > 0 ? owners : asked ? [asked.askerId] : []
  return {
    kind: 'conversion-planned',
    props: {
      ...base,
      entitlement: f.entitlement.name,
      application: f.application.name,
      reference: reference('Grant', f.row.id),
      by: asked ? await nameOf(db, asked.askerId) : 'Somebody',
      reason: asked?.reason ?? '',
      startsAt: f.row.startAt,
      endsAt,
      noticeAt: f.row.noticeSeconds === null ? null : plus(endsAt, -f.row.noticeSeconds),
      lets: f.entitlement.description,
      after: await afterwards(db, f),
      contacts: [...(await namesOf(db, contacts)).values()],
      url: pageUrl('/'),
    },
  }
}

/** What the holder may do about the end: ask for more on the same lease, or ask anew, or neither. */
async function afterwards(db: Reader, f: LoadedGrant): Promise<'extend' | 'ask' | null> {
  const person = await loadPerson(db, f.row.personId)
  if (!person || !isEligible(f.definition.requesters, person)) return null
  const { extension, presets } = f.definition
  const shortest = Math.min(...presets.map((preset) => preset.seconds))
  const fits = (f.row.durationSeconds ?? 0) + shortest <= extension.maxTotalSeconds
  return extension.allowed && extension.maxCount > 0 && fits ? 'extend' : 'ask'
}

/** To the holder and to whoever planned it: it stays what it was. */
export async function conversionCalledOff({ db, row, reader, now, base }: Owed): Promise<MailContent | null> {
  const f = row.grantId ? await loadGrant(db, row.grantId, now) : null
  if (!f) return null
  const mine = reader.id === f.row.personId
  const by = typeof row.data.byId === 'string' ? await nameOf(db, row.data.byId) : null
  return {
    kind: 'conversion-called-off',
    props: {
      ...base,
      entitlement: f.entitlement.name,
      application: f.application.name,
      reference: reference('Grant', f.row.id),
      by,
      note: typeof row.data.why === 'string' && row.data.why ? row.data.why : null,
      ...(mine ? {} : { holder: await nameOf(db, f.row.personId) }),
      url: pageUrl(mine ? '/' : `/settings/access-management/grants/${f.row.id}`),
    },
  }
}
