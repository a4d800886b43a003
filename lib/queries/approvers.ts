import 'server-only'
import { and, eq, inArray, isNull } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { type ApprovalStep, type ApproverDirectory, approversOf, votesNeeded } from '@/lib/domain/policy'
import type { Vote } from '@/lib/domain/request'
import type { Progress } from '@/lib/views'

/** A place in the directory where approvers are looked for. */
export interface ApproverPlace {
  readonly steps: readonly ApprovalStep[]
  readonly applicationId: string
  readonly managerId: string | null
}

/** The live directory for many places at once: who may decide, and what they are called. */
export interface ApproverBook {
  /** Approver ids by step; the excluded (asker, beneficiary) are left out. */
  sets(place: ApproverPlace, excluded: readonly string[]): string[][]
  owners(applicationId: string): string[]
  name(personId: string): string
}

/** Reads everything that the approver sets of these places need, in three queries however many there are. */
export async function approverBook(db: Reader, places: readonly ApproverPlace[]): Promise<ApproverBook> {
  const { applicationOwner, groupMember, person } = schema
  const refs = places.flatMap((p) => p.steps.flatMap((s) => s.approvers))
  const groupIds = [...new Set(refs.flatMap((r) => (r.kind === 'group' ? [r.id] : [])))]
  const applicationIds = [...new Set(places.map((p) => p.applicationId))]
  const personIds = [
    ...new Set([
      ...refs.flatMap((r) => (r.kind === 'person' ? [r.id] : [])),
      ...places.flatMap((p) => (p.managerId ? [p.managerId] : [])),
    ]),
  ]
  const columns = { id: person.id, name: person.name }
  const active = isNull(person.deactivatedAt)
  const [members, owners, people] = await Promise.all([
    groupIds.length
      ? db
          .select({ groupId: groupMember.groupId, ...columns })
          .from(groupMember)
          .innerJoin(person, eq(person.id, groupMember.personId))
          .where(and(inArray(groupMember.groupId, groupIds), active))
      : [],
    applicationIds.length
      ? db
          .select({ applicationId: applicationOwner.applicationId, ...columns })
          .from(applicationOwner)
          .innerJoin(person, eq(person.id, applicationOwner.personId))
          .where(and(inArray(applicationOwner.applicationId, applicationIds), active))
          .orderBy(person.name)
      : [],
    personIds.length
      ? db
          .select(columns)
          .from(person)
          .where(and(inArray(person.id, personIds), active))
      : [],
  ])
  const names = new Map([...members, ...owners, ...people].map((p) => [p.id, p.name]))
  const groups = new Map<string, string[]>()
  for (const m of members) groups.set(m.groupId, [...(groups.get(m.groupId) ?? []), m.id])
  const ownersOf = (id: string) => owners.filter((o) => o.applicationId === id).map((o) => o.id)
  return {
    sets(place, excluded) {
      const directory: ApproverDirectory = {
        managerId: place.managerId,
        ownerIds: ownersOf(place.applicationId),
        groups,
        isActive: (id) => names.has(id),
      }
      return place.steps.map((step) => approversOf(step, directory, excluded))
    },
    owners: ownersOf,
    name: (id) => names.get(id) ?? 'somebody',
  }
}

/** How far a pending request is, from its votes and the live approver sets. */
export function progressOf(
  steps: readonly ApprovalStep[],
  step: number,
  votes: readonly Vote[],
  sets: readonly (readonly string[])[],
): Progress {
  const needed = (i: number) => {
    const found = steps[i]
    return found ? votesNeeded(found, sets[i]?.length ?? 0) : 0
  }
  const agreed = votes.filter((v) => v.step === step && v.verdict === 'approve').length
  let missing = Math.max(0, needed(step) - agreed)
  for (let i = step + 1; i < steps.length; i++) missing += needed(i)
  return { step, steps: steps.length, agreed, needed: needed(step), missing }
}
