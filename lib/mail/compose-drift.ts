import 'server-only'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { DriftFoundProps, MailContent } from '@/emails'
import { isOver, liveGrantStates } from '@/lib/domain/grant'
import { keepersOf, loadEntitlement, loadGrant, ownersOf } from '@/lib/services/facts'
import { peopleOfHolders } from '@/lib/services/holders'
import { becauseOf, nameOf, namesOf } from './facts'
import { type Owed, pageUrl, reference } from './owed'

const applicationUrl = (id: string) => pageUrl(`/settings/access-management/applications/${id}`)

/** To a holder (the mail names their grant), or to owners; dropped where the target lists it again meanwhile. */
export async function entitlementGone({ db, row, reader, base }: Owed): Promise<MailContent | null> {
  const { grant, policy, policyEntitlement } = schema
  const entitlementId = String(row.data.entitlementId)
  const place = await loadEntitlement(db, entitlementId)
  const since = place?.entitlement.closedAt
  if (!place || !since) return null
  const live = await db
    .select({ personId: grant.personId })
    .from(grant)
    .where(
      and(eq(grant.entitlementId, entitlementId), inArray(grant.state, ['scheduled', ...liveGrantStates])),
    )
  const names = await namesOf(
    db,
    live.map(({ personId }) => personId),
  )
  const [offered] = await db
    .select({ name: policy.name })
    .from(policyEntitlement)
    .innerJoin(policy, eq(policy.id, policyEntitlement.policyId))
    .where(eq(policyEntitlement.entitlementId, entitlementId))
  return {
    kind: 'entitlement-gone',
    props: {
      ...base,
      entitlement: place.entitlement.name,
      application: place.application.name,
      yours: row.grantId !== null,
      holders: [...names.values()],
      policy: offered?.name ?? null,
      since,
      because: becauseOf(reader.id, place.ownerIds),
      url: row.grantId ? pageUrl('/') : applicationUrl(place.application.id),
      ...(row.grantId ? { reference: reference('Grant', row.grantId) } : {}),
    },
  }
}

/** What one reading found and is still open; dropped where nothing of it is. */
export async function driftFound({ db, row, reader, base }: Owed): Promise<MailContent | null> {
  const { application, entitlement, finding, grant } = schema
  const applicationId = String(row.data.applicationId)
  const at = new Date(String(row.data.at))
  const found = await db
    .select({ finding, entitlement: entitlement.name, personId: grant.personId })
    .from(finding)
    .innerJoin(entitlement, eq(entitlement.id, finding.entitlementId))
    .leftJoin(grant, eq(grant.id, finding.grantId))
    .where(
      and(
        eq(entitlement.applicationId, applicationId),
        inArray(finding.kind, ['unknown_holder', 'missing_holder']),
        eq(finding.foundAt, at),
        isNull(finding.closedAt),
      ),
    )
    .orderBy(finding.id)
  const app = await db.query.application.findFirst({ where: eq(application.id, applicationId) })
  if (!app?.connectionId || found.length === 0) return null
  const owners = await ownersOf(db, applicationId)
  const told = (await keepersOf(db, applicationId)).filter((id) => id !== reader.id)
  const people = await peopleOfHolders(
    db,
    app.connectionId,
    found.flatMap(({ finding: f }) => f.holder ?? []),
  )
  const lines = await Promise.all(
    found.map(async ({ finding: f, entitlement: name, personId }) => ({
      kind: f.kind === 'missing_holder' ? ('missing' as const) : ('unknown' as const),
      entitlement: name,
      who: personId
        ? await nameOf(db, personId)
        : (people.get(f.holder?.id ?? '')?.name ?? f.holder?.name ?? 'somebody'),
    })),
  )
  return {
    kind: 'drift-found',
    props: {
      ...base,
      application: app.name,
      at,
      found: lines,
      tooMany: (row.data.tooMany ?? []) as DriftFoundProps['tooMany'],
      removing: Number(row.data.removing ?? 0),
      alsoTold: [...(await namesOf(db, told)).values()],
      because: becauseOf(reader.id, owners),
      url: applicationUrl(applicationId),
    },
  }
}

/** To the holder of a lease that the target does not show; dropped where it is there again, or over. */
export async function accessMissing({ db, row, base, now }: Owed): Promise<MailContent | null> {
  const f = row.grantId ? await loadGrant(db, row.grantId, now) : null
  if (f?.row.state !== 'active' || isOver(f.row, now)) return null
  const open = await db.query.finding.findFirst({
    where: (t, { and: both, eq: is, isNull: none }) =>
      both(is(t.grantId, f.row.id), is(t.kind, 'missing_holder'), none(t.closedAt)),
  })
  if (!open) return null
  return {
    kind: 'access-missing',
    props: {
      ...base,
      entitlement: f.entitlement.name,
      application: f.application.name,
      seenAt: open.foundAt,
      endsAt: f.row.endsAt,
      canGiveAgain: !f.row.preexisting && !f.row.converts,
      url: pageUrl(f.row.preexisting || f.row.converts ? '/' : `/grants/${f.row.id}/give-again`),
      reference: reference('Grant', f.row.id),
    },
  }
}
