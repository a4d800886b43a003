import 'server-only'
import { and, asc, eq, gt, inArray, isNull, lte, or } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import { type Reader, schema } from '@/db/client'
import { type Absence, isAbsent } from '@/lib/absence'
import {
  type ApprovalStep,
  type ApproverDirectory,
  approversOf,
  type StandingStep,
  standingStep,
} from '@/lib/domain/policy'
import type { RequestFacts, Vote } from '@/lib/domain/request'
import { found as foundThrough } from './membership'

/** A place in the directory where approvers are looked for: something that is asked for, or could be. */
export interface ApproverPlace {
  readonly steps: readonly ApprovalStep[]
  readonly applicationId: string
  /** Whom it is for, and who asks; neither decides, by whatever account. */
  readonly personId: string
  readonly askerId: string
  /** Of a request that stands already. */
  readonly escalated?: readonly number[]
  readonly reassigned?: { readonly step: number; readonly personIds: readonly string[] } | null
  readonly votes?: readonly Vote[]
}

/** A place's steps as they stand now. */
export interface Standing extends Pick<RequestFacts, 'steps' | 'approvers' | 'substitutes'> {
  readonly steps: ApprovalStep[]
  readonly approvers: string[][]
}

/** The live directory for many places at once: who may decide, and what they are called. */
export interface ApproverBook {
  standing(place: ApproverPlace): Standing
  owners(applicationId: string): string[]
  name(personId: string): string
  /** Until when somebody is away whose substitute acts now. */
  awayUntil(personId: string): Date | null
  /** Under what a substitute acts now for somebody who is away. */
  delegationOf(personId: string): RunningDelegation | null
}

/** A delegation that acts now, from when and until when. */
export interface RunningDelegation {
  readonly id: string
  readonly startsAt: Date
  readonly endsAt: Date
}

/**
 * Reads everything that the approver sets of these places need, in three rounds however many there are. Only active
 * people are found, and two accounts of one person (the same address in another spelling) count as the elder one.
 * With an absence it is the directory as it would be then.
 */
export async function approverBook(
  db: Reader,
  places: readonly ApproverPlace[],
  now: Date,
  absence?: Absence,
): Promise<ApproverBook> {
  const { applicationOwner, person, delegation } = schema
  const through = foundThrough(absence)
  const refs = places.flatMap((p) => p.steps.flatMap((s) => s.approvers))
  const groupIds = unique(refs.flatMap((r) => (r.kind === 'group' ? [r.id] : [])))
  const applicationIds = unique(places.map((p) => p.applicationId))
  const concerned = unique(places.flatMap((p) => [p.personId, p.askerId]))
  const voters = unique(places.flatMap((p) => (p.votes ?? []).flatMap(bothOf)))
  const named = unique([
    ...refs.flatMap((r) => (r.kind === 'person' ? [r.id] : [])),
    ...places.flatMap((p) => p.reassigned?.personIds ?? []),
  ])
  const principal = alias(person, 'principal')
  const columns = { id: person.id, name: person.name, key: person.emailKey }
  const active = isNull(person.deactivatedAt)
  const present = <P extends { id: string }>(rows: readonly P[]) =>
    rows.filter((p) => !isAbsent(absence, p.id))
  const read = await Promise.all([
    groupIds.length
      ? db
          .select({ groupId: through.groupId, ...columns })
          .from(through.rows)
          .innerJoin(person, eq(person.id, through.personId))
          .where(and(inArray(through.groupId, groupIds), active))
      : [],
    applicationIds.length
      ? db
          .select({ applicationId: applicationOwner.applicationId, ...columns })
          .from(applicationOwner)
          .innerJoin(person, eq(person.id, applicationOwner.personId))
          .where(and(inArray(applicationOwner.applicationId, applicationIds), active))
          .orderBy(person.name)
      : [],
    concerned.length
      ? db
          .select({ ...columns, managerId: person.managerId })
          .from(person)
          .where(inArray(person.id, concerned))
      : [],
    named.length
      ? db
          .select(columns)
          .from(person)
          .where(and(inArray(person.id, named), active))
      : [],
    db
      .select(columns)
      .from(person)
      .where(and(eq(person.admin, true), active)),
  ])
  const [members, owners] = [present(read[0]), present(read[1])]
  const [people, admins] = [present(read[3]), present(read[4])]
  const askers = read[2]
  const managerIds = unique(askers.flatMap((p) => (p.managerId ? [p.managerId] : [])))
  const found = [...members, ...owners, ...people, ...admins]
  const candidates = unique([...found.map((p) => p.id), ...managerIds])
  const [managing, standingIn] = await Promise.all([
    managerIds.length
      ? db
          .select(columns)
          .from(person)
          .where(and(inArray(person.id, managerIds), active))
      : [],
    candidates.length
      ? db
          .select({
            delegationId: delegation.id,
            personId: delegation.personId,
            startsAt: delegation.startsAt,
            endsAt: delegation.endsAt,
            ...columns,
          })
          .from(delegation)
          .innerJoin(person, eq(person.id, delegation.substituteId))
          .innerJoin(principal, eq(principal.id, delegation.personId))
          .where(
            and(
              // By whatever account it was said.
              inArray(
                principal.emailKey,
                db.select({ key: person.emailKey }).from(person).where(inArray(person.id, candidates)),
              ),
              lte(delegation.startsAt, now),
              gt(delegation.endsAt, now),
              active,
            ),
          )
          .orderBy(asc(delegation.startsAt), asc(delegation.id))
      : [],
  ])
  const [managers, away] = [present(managing), present(standingIn)]
  const known = [...found, ...managers, ...away.map(({ id, name, key }) => ({ id, name, key }))]
  const keys = unique([...known, ...askers].map((p) => p.key))
  const spellings = keys.length
    ? await db
        .select({ ...columns, goneAt: person.deactivatedAt })
        .from(person)
        .where(or(and(inArray(person.emailKey, keys), active), inArray(person.id, [...concerned, ...voters])))
        .orderBy(asc(person.createdAt), asc(person.id))
    : []
  const accounts = spellings.map((a) => (isAbsent(absence, a.id) ? { ...a, goneAt: now } : a))

  const names = new Map([...accounts, ...known].map((p) => [p.id, p.name]))
  const keyOf = new Map([...accounts, ...known, ...askers].map((p) => [p.id, p.key]))
  const activeIds = new Set(known.map((p) => p.id))
  /** The account that counts: the eldest active one with this address. */
  const counted = new Map<string, string>()
  for (const a of accounts) if (!a.goneAt && !counted.has(a.key)) counted.set(a.key, a.id)
  const self = (id: string) => counted.get(keyOf.get(id) ?? '') ?? id
  const groups = new Map<string, string[]>()
  for (const m of members) groups.set(m.groupId, [...(groups.get(m.groupId) ?? []), m.id])
  const managerOf = (id: string) => askers.find((p) => p.id === id)?.managerId ?? null
  /** Who is away, and who acts for them. One of several of the same person counts: the one that began first. */
  const acting = new Map<string, { substituteId: string; key: string } & RunningDelegation>()
  for (const { delegationId, personId, startsAt, endsAt, ...a } of away) {
    const [principal, substituteId] = [self(personId), self(a.id)]
    if (principal !== substituteId && !acting.has(principal))
      acting.set(principal, { substituteId, key: a.key, id: delegationId, startsAt, endsAt })
  }
  const ownersOf = (id: string) => owners.filter((o) => o.applicationId === id).map((o) => o.id)

  return {
    standing(place) {
      const own = new Set([place.personId, place.askerId].map((id) => keyOf.get(id)))
      const votes = place.votes ?? []
      // Whoever decided goes on to count as the account they did it with, also when that one is gone since.
      const cast = new Map(votes.flatMap(bothOf).map((id) => [keyOf.get(id), id]))
      const here = (id: string) => cast.get(keyOf.get(id)) ?? self(id)
      const others = (ids: readonly string[]) =>
        unique(ids.filter((id) => activeIds.has(id) && !own.has(keyOf.get(id))).map(here)).sort()
      const directory: ApproverDirectory = {
        managerId: managerOf(place.personId),
        ownerIds: ownersOf(place.applicationId),
        groups,
        isActive: (id) => activeIds.has(id),
      }
      const standing = place.steps.map((step, i): StandingStep => {
        // A vote in somebody's place spends both: neither of the two decides once more.
        const spent = votes.filter((v) => v.step !== i).flatMap(bothOf)
        const { reassigned } = place
        return standingStep(step, others(approversOf(step, directory, [])), {
          fallback: place.escalated?.includes(i)
            ? {
                owners: others(ownersOf(place.applicationId)),
                admins: others(admins.map((a) => a.id)),
                all: place.escalated.filter((s) => s === i).length > 1,
              }
            : null,
          reassigned: reassigned?.step === i ? others(reassigned.personIds) : null,
          spent,
        })
      })
      const approvers = standing.map((s) => [...s.approvers])
      const substitutes = Object.fromEntries(
        unique(approvers.flat()).flatMap((id) => {
          const by = acting.get(id)
          return by && !own.has(by.key) ? [[id, here(by.substituteId)] as const] : []
        }),
      )
      return { steps: standing.map((s) => s.step), approvers, substitutes }
    },
    owners: ownersOf,
    name: (id) => names.get(id) ?? 'somebody',
    awayUntil: (id) => acting.get(id)?.endsAt ?? null,
    delegationOf(id) {
      const found = acting.get(id)
      return found ? { id: found.id, startsAt: found.startsAt, endsAt: found.endsAt } : null
    },
  }
}

/** Who cast a vote, and in whose place. */
const bothOf = ({ personId, forId }: Vote) => (forId ? [personId, forId] : [personId])

const unique = (ids: readonly string[]) => [...new Set(ids)]
