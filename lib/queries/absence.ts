import 'server-only'
import { and, eq, gt, inArray, isNull, or } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema } from '@/db/client'
import type { Absence } from '@/lib/absence'
import { readNow } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import type { AbsenceEffect, GroupPlace } from '@/lib/people-views'
import { approvalGaps } from '@/lib/services/nightly'
import { type PendingRequest, unsafePendingRequests } from '@/lib/services/request-escalation'
import { unsafeGroupUses } from './groups'

const { application, applicationOwner, delegation, entitlement, grant, person, request } = schema

/** A person, a group, or both for the person's place in that group. */
export const absenceQuery = z
  .object({ personId: z.uuid().optional(), groupId: z.uuid().optional() })
  .refine((absence) => absence.personId !== undefined || absence.groupId !== undefined)

/**
 * What would follow if a person were deactivated, a group were, or somebody left a group, as it stands now. Null for
 * whoever may not do that.
 */
export async function absenceEffect(ctx: Ctx, absence: Absence): Promise<AbsenceEffect | null> {
  const { personId, groupId } = absence
  if (!can(ctx.actor, groupId === undefined ? 'person.deactivate' : 'group.edit', {})) return null
  const { db } = ctx
  const leaver = groupId === undefined ? personId : undefined
  const now = await readNow(db)
  const [before, after, gapsBefore, gapsAfter, held, unowned, uses, own, delegations] = await Promise.all([
    unsafePendingRequests(db, now),
    unsafePendingRequests(db, now, absence),
    approvalGaps(db),
    approvalGaps(db, absence),
    leaver ? heldBy(db, leaver) : [],
    leaver ? ownedOnlyBy(db, leaver) : [],
    groupId ? unsafeGroupUses(db).then((usesOf) => usesOf(groupId)) : null,
    leaver ? db.$count(request, and(eq(request.personId, leaver), eq(request.state, 'pending'))) : 0,
    leaver ? db.$count(delegation, delegationsOf(leaver, now)) : 0,
  ])
  const stood = new Map(before.map((r) => [r.row.id, r]))
  const stuck = after
    .filter((r) => r.stuck !== null && stood.get(r.row.id)?.stuck === null && r.row.personId !== leaver)
    .toSorted((a, b) => Number(a.row.askedAt) - Number(b.row.askedAt))
  const blockedBefore = new Map(
    gapsBefore.map((gap) => [gap.policyId, new Set(gap.coverage.blocked.map((b) => b.personId))]),
  )
  const losesPlace = (r: PendingRequest) => {
    const next = new Set(after.find((a) => a.row.id === r.row.id)?.approvers[r.row.step])
    return (r.approvers[r.row.step] ?? []).some((id) => !next.has(id))
  }
  const wholeGroup = personId === undefined
  return {
    ending: held.length,
    staying: held.filter((g) => g.preexisting).length,
    waiting: before.filter(losesPlace).length,
    stuck: await named(db, stuck),
    policies: gapsAfter.flatMap(({ policyId, policy, coverage: { blocked, eligible } }) =>
      blocked.some((b) => !blockedBefore.get(policyId)?.has(b.personId))
        ? [{ id: policyId, name: policy, blocked: blocked.length, eligible }]
        : [],
    ),
    unowned,
    own,
    delegations,
    asks: uses?.asks ?? [],
    fulfils: wholeGroup ? (uses?.fulfils ?? []) : [],
  }
}

/** What ends with somebody, and whether it stays in the target because they held it before. */
function heldBy(db: Reader, personId: string): Promise<{ preexisting: boolean }[]> {
  return db
    .select({ preexisting: grant.preexisting })
    .from(grant)
    .where(and(eq(grant.personId, personId), inArray(grant.state, ['scheduled', 'provisioning', 'active'])))
}

function delegationsOf(personId: string, now: Date) {
  const { personId: from, substituteId: to, startsAt, endsAt } = delegation
  return and(or(eq(from, personId), eq(to, personId)), gt(endsAt, now), gt(endsAt, startsAt))
}

async function ownedOnlyBy(db: Reader, personId: string): Promise<GroupPlace[]> {
  const rows = await db
    .select({ id: application.id, name: application.name, ownerId: person.id })
    .from(application)
    .innerJoin(applicationOwner, eq(applicationOwner.applicationId, application.id))
    .innerJoin(person, and(eq(person.id, applicationOwner.personId), isNull(person.deactivatedAt)))
    .where(isNull(application.archivedAt))
    .orderBy(application.name)
  return rows
    .filter((row) => row.ownerId === personId && rows.every((o) => o.id !== row.id || o.ownerId === personId))
    .map(({ id, name }) => ({ id, name }))
}

async function named(db: Reader, stuck: readonly PendingRequest[]): Promise<AbsenceEffect['stuck']> {
  if (stuck.length === 0) return []
  const rows = await db
    .select({
      id: request.id,
      person: person.name,
      entitlement: entitlement.name,
      application: application.name,
    })
    .from(request)
    .innerJoin(person, eq(person.id, request.personId))
    .innerJoin(entitlement, eq(entitlement.id, request.entitlementId))
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .where(
      inArray(
        request.id,
        stuck.map((r) => r.row.id),
      ),
    )
  return stuck.flatMap(({ row, hopeless }) => {
    const words = rows.find((r) => r.id === row.id)
    return words ? [{ ...words, lapses: hopeless }] : []
  })
}
