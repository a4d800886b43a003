import 'server-only'
import { and, desc, eq, inArray } from 'drizzle-orm'
import { type Reader, schema } from '@/db/client'
import { votesNeeded } from '@/lib/domain/policy'
import type { EscalationWhy } from '@/lib/domain/request'
import type { ApproverBook } from '@/lib/services/approver-book'
import type { ApproverView, StepView } from '@/lib/views'
import { decisionsOf } from './names'
import type { RequestRecord } from './requests'

/** An escalation or a reassignment, as the timeline has it. */
interface Turn {
  readonly requestId: string
  readonly verb: 'escalated' | 'reassigned'
  readonly at: Date
  readonly byName: string | null
  readonly data: Record<string, unknown>
}

/** The steps of these requests as they stand: who may decide, who did, and what was changed about it. */
export async function unsafeSteps(
  db: Reader,
  records: readonly RequestRecord[],
  book: ApproverBook,
  now: Date,
): Promise<Map<string, StepView[]>> {
  const [decisions, turns, rules] = await Promise.all([
    decisionsOf(
      db,
      records.flatMap((r) => r.votes),
    ),
    turnsOf(db, records),
    rulesOf(db, records),
  ])
  return new Map(
    records.map((record) => {
      const { row, standing } = record
      const pending = row.state === 'pending' && now < row.decideBy
      const steps = standing.steps.map((step, i): StepView => {
        const ids = standing.approvers[i] ?? []
        return {
          quorum: step.quorum,
          needed: votesNeeded(step, ids.length),
          approvers: ids.map((id) => approver(id, standing.substitutes, book)),
          decisions: decisions.filter((d) => d.requestId === row.id && d.step === i),
          open: pending && row.step === i,
          separation: step.separationId
            ? (rules.get(step.separationId) ?? 'a rule that is gone since')
            : null,
          ...turnsAt(record, i, turns),
        }
      })
      return [row.id, steps]
    }),
  )
}

function approver(
  id: string,
  substitutes: Readonly<Record<string, string>>,
  book: ApproverBook,
): ApproverView {
  const standIn = substitutes[id]
  return {
    id,
    name: book.name(id),
    substitute: standIn ? { id: standIn, name: book.name(standIn), until: book.awayUntil(id) } : null,
  }
}

function turnsAt(
  { row }: RequestRecord,
  step: number,
  turns: readonly Turn[],
): Pick<StepView, 'escalated' | 'reassigned'> {
  const last = (verb: Turn['verb']) =>
    turns.find((t) => t.requestId === row.id && t.verb === verb && t.data.step === step)
  const late = row.escalated.includes(step) ? last('escalated') : undefined
  const moved = row.reassigned?.step === step ? last('reassigned') : undefined
  return {
    escalated: late ? { why: late.data.why as EscalationWhy, at: late.at } : null,
    reassigned: moved
      ? {
          byName: moved.byName ?? 'an admin',
          at: moved.at,
          reason: typeof moved.data.note === 'string' ? moved.data.note : null,
        }
      : null,
  }
}

async function turnsOf(db: Reader, records: readonly RequestRecord[]): Promise<Turn[]> {
  const { timeline, person } = schema
  const ids = records.filter(({ row }) => row.escalated.length > 0 || row.reassigned).map((r) => r.row.id)
  if (ids.length === 0) return []
  const rows = await db
    .select({
      requestId: timeline.subjectId,
      verb: timeline.verb,
      at: timeline.at,
      byName: person.name,
      data: timeline.data,
    })
    .from(timeline)
    .leftJoin(person, eq(person.id, timeline.actorId))
    .where(
      and(
        eq(timeline.subjectType, 'request'),
        inArray(timeline.subjectId, ids),
        inArray(timeline.verb, ['escalated', 'reassigned']),
      ),
    )
    .orderBy(desc(timeline.version))
  return rows.map((row) => ({ ...row, verb: row.verb as Turn['verb'] }))
}

/** Names of the separation rules that brought one of these steps. */
async function rulesOf(db: Reader, records: readonly RequestRecord[]): Promise<Map<string, string>> {
  const { separation } = schema
  const ids = records.flatMap((r) => r.row.steps.flatMap((s) => s.separationId ?? []))
  if (ids.length === 0) return new Map()
  const rows = await db
    .select({ id: separation.id, name: separation.name })
    .from(separation)
    .where(inArray(separation.id, ids))
  return new Map(rows.map((r) => [r.id, r.name]))
}
