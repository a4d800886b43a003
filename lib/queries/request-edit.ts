import 'server-only'
import { asc, eq, isNull } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { checkPreset, plus } from '@/lib/domain/duration'
import { floorOf } from '@/lib/services/facts'
import type { RequestView } from '@/lib/views'
import { unsafeRequests } from './requests'

/** What changing a pending request starts from. */
export interface RequestEdit {
  readonly request: RequestView
  /** The policy's lengths; `problem` says why one cannot be chosen now. */
  readonly presets: readonly {
    readonly seconds: number
    readonly noticeSeconds: number
    readonly problem: string | null
  }[]
  readonly reasonRequired: boolean
  /** Answers that a change makes void. */
  readonly votes: number
  readonly personName: string
}

/** What somebody who asked needs to change a request; null when it is not theirs, or not pending any more. */
export async function requestEdit(ctx: Ctx, id: string, now: Date): Promise<RequestEdit | null> {
  const { records, book } = await unsafeRequests(ctx.db, eq(schema.request.id, id), now)
  const [record] = records
  if (!record) return null
  const { row, view, definition, votes } = record
  if (!can(ctx.actor, 'request.edit', { askerId: row.askerId, beneficiaryId: row.personId })) return null
  if (row.state !== 'pending' || now >= row.decideBy) return null
  const floorSeconds = await floorOf(ctx.db)
  const { maxSeconds } = definition
  const end = view.grant?.times.endsAt
  const latestEnd = view.grant?.extend?.latestEnd
  const problemOf = (preset: { seconds: number; noticeSeconds: number }): string | null => {
    const problem = checkPreset(preset, { floorSeconds, maxSeconds }).seconds
    if (problem) return problem
    return row.kind === 'extension' && end && latestEnd && plus(end, preset.seconds) > latestEnd
      ? 'Would run past the latest possible end'
      : null
  }
  return {
    request: view,
    presets:
      definition.mode === 'permanent' ? [] : definition.presets.map((p) => ({ ...p, problem: problemOf(p) })),
    reasonRequired: definition.reasonRequired,
    votes: votes.length,
    personName: book.name(row.personId),
  }
}

/** Everybody who could be named to decide: active people. Empty for whoever may not name them. */
export async function peopleToName(
  ctx: Ctx,
  { request }: { request: Pick<RequestView, 'askerId' | 'personId'> },
): Promise<{ id: string; name: string; team: string | null }[]> {
  const { askerId, personId } = request
  if (!can(ctx.actor, 'request.reassign', { askerId, beneficiaryId: personId })) return []
  const { person } = schema
  const people = await ctx.db
    .select({ id: person.id, name: person.name, team: person.team })
    .from(person)
    .where(isNull(person.deactivatedAt))
    .orderBy(asc(person.name))
  return people.filter((p) => p.id !== askerId && p.id !== personId)
}
