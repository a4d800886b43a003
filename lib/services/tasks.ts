import 'server-only'
import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { type Reader, schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { ok, type Result, refuse } from '@/lib/domain/errors'
import { decideGrant } from '@/lib/domain/grant'
import { apply, type Verb } from './apply'
import type { TaskRow } from './changes'
import { type LoadedGrant, loadGrant, membersOf } from './facts'
import { stepGrant } from './grants'

export const completeTaskInput = z.object({
  taskId: z.uuid(),
  /** What was done and how it can be seen; kept as the proof. */
  evidence: z
    .string()
    .trim()
    .min(1, 'Say what you did and how one can see it')
    .max(2000, 'At most 2,000 characters'),
  version: z.number().int().positive(),
})
export type CompleteTaskInput = z.infer<typeof completeTaskInput>

/** The locks of every verb on a task: the holder of the grant it is about, and that grant. */
export async function taskLocks({ taskId }: { taskId: string }, db: Reader) {
  const task = await db.query.task.findFirst({
    where: eq(schema.task.id, taskId),
    columns: { grantId: true },
  })
  const grant =
    task &&
    (await db.query.grant.findFirst({
      where: eq(schema.grant.id, task.grantId),
      columns: { personId: true },
    }))
  return { persons: grant ? [grant.personId] : [], grants: task ? [task.grantId] : [] }
}

interface TaskFacts extends LoadedGrant {
  readonly task: TaskRow
  readonly fulfillerIds: readonly string[]
}

async function loadTask(db: Reader, taskId: string, now: Date): Promise<TaskFacts | null> {
  const task = await db.query.task.findFirst({ where: eq(schema.task.id, taskId) })
  const grant = task && (await loadGrant(db, task.grantId, now))
  if (!task || !grant) return null
  return { ...grant, task, fulfillerIds: await membersOf(db, task.groupId) }
}

const complete: Verb<CompleteTaskInput, TaskFacts, { kind: TaskRow['kind'] }> = {
  gate: 'task.complete',
  locks: taskLocks,
  load: (tx, { taskId }, now) => loadTask(tx, taskId, now),
  facts: (f) => ({ beneficiaryId: f.row.personId, ownerIds: f.ownerIds, fulfillerIds: f.fulfillerIds }),
  decide(f, input, at) {
    const { task, row } = f
    if (task.kind === 'review')
      return refuse('conflict', 'This is the review of an emergency access; nothing is done by hand here')
    if (task.state === 'done') return refuse('conflict', 'This task is done already')
    if (task.state === 'void')
      return refuse('conflict', 'This task was called off: the access is not wanted any more')
    if (input.version !== task.version)
      return refuse('stale', 'This task changed after you opened it. Look again')
    const by = at.actor.kind === 'person' ? at.actor.id : null
    const event =
      task.kind === 'give'
        ? ({ type: 'seen', seenAt: at.now } as const)
        : ({ type: 'seen_absent', seenAt: at.now, verified: false, sessionsEnded: 0 } as const)
    const decided = decideGrant(row, event, at.now, f.target)
    if (!decided.ok) return decided
    const step = { ...decided.value, data: { ...decided.value.data, byHand: true, evidence: input.evidence } }
    const changes = stepGrant(f, step, at)
    const kind = task.kind === 'give' ? 'access-ready' : 'access-ended'
    return ok({
      result: { kind: task.kind },
      ...changes,
      // What people did by hand cannot be looked at again.
      work: changes.work.filter((w) => w.order.kind !== 'look' || 'cancel' in w.order),
      tasks: [
        {
          row: task,
          set: { state: 'done', evidence: input.evidence, doneBy: by, doneAt: at.now },
          entry: { verb: 'task_done', data: { kind: task.kind, grantId: row.id, evidence: input.evidence } },
        },
      ],
      mails: [
        ...changes.mails,
        { occasion: `${kind}:${row.id}:${row.version}`, kind, personId: row.personId, grantId: row.id },
      ],
    })
  },
}

/** Records that a give or a take was done by hand, with the evidence. The holder never completes their own. */
export function completeTask(ctx: Ctx, input: CompleteTaskInput): Promise<Result<{ kind: TaskRow['kind'] }>> {
  return apply(ctx, complete, input)
}
