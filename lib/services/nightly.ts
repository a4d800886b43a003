import 'server-only'
import { TZDate } from '@date-fns/tz'
import { addDays, set } from 'date-fns'
import { and, eq, isNull } from 'drizzle-orm'
import { type Db, type Reader, schema } from '@/db/client'
import { type Absence, directoryWithout } from '@/lib/absence'
import { workPriority } from '@/lib/domain/work'
import { approvalIndex, type Coverage } from '@/lib/policy-coverage'
import { applicationsOf } from './entitlement-places'
import { ORGANISATION_ID } from './organisation'
import { loadPolicyDirectory } from './policy-checks'

/** The hour of the night at which everything is checked, in the organisation's zone. */
const HOUR_OF_NIGHT = 3

/** The next night's check after a moment: 03:00 in the organisation's zone, whatever the clocks do that night. */
export function nextNight(now: Date, zone: string): Date {
  const local = new TZDate(now, zone)
  const tonight = set(local, { hours: HOUR_OF_NIGHT, minutes: 0, seconds: 0, milliseconds: 0 })
  return new Date((tonight > local ? tonight : addDays(tonight, 1)).getTime())
}

/** Arms the nightly check where it is not armed; from then on it arms itself. */
export async function armNightly(db: Db, now: Date): Promise<void> {
  const [org] = await db.select({ zone: schema.organisation.timeZone }).from(schema.organisation)
  if (!org) return
  await db
    .insert(schema.work)
    .values({
      kind: 'check',
      subjectType: 'organisation',
      subjectId: ORGANISATION_ID,
      priority: workPriority.check,
      dueAt: nextNight(now, org.zone),
    })
    .onConflictDoNothing()
}

/** A published policy under which nobody could say yes to somebody. */
export interface ApprovalGap {
  readonly policyId: string
  readonly policy: string
  readonly coverage: Coverage
}

/** Every published policy that has such a gap now, or would have one with somebody thought away. */
export async function approvalGaps(db: Reader, absence?: Absence): Promise<ApprovalGap[]> {
  const { policy, policyVersion } = schema
  const published = await db
    .select({ id: policy.id, name: policy.name, definition: policyVersion.definition })
    .from(policy)
    .innerJoin(policyVersion, eq(policyVersion.id, policy.currentVersionId))
    .where(and(isNull(policy.archivedAt)))
    .orderBy(policy.name)
  const places = await applicationsOf(
    db,
    published.flatMap((p) => p.definition.entitlementIds),
  )
  const directory = await loadPolicyDirectory(db, absence)
  const index = approvalIndex(absence ? directoryWithout(directory, absence) : directory)
  return published.flatMap(({ id, name, definition }) => {
    const applicationIds = definition.entitlementIds.flatMap((e) => places.get(e)?.id ?? [])
    const coverage = index.coverage(definition, [...new Set(applicationIds)])
    return coverage.blocked.length > 0 ? [{ policyId: id, policy: name, coverage }] : []
  })
}
