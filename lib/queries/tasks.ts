import 'server-only'
import { and, asc, desc, eq, inArray, ne, or, type SQL } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { found } from '@/lib/services/membership'
import type { TaskView } from '@/lib/views'
import { unsafeLeases } from './leases'
import { peopleOf } from './names'

/** The tasks the actor may complete, the soonest due first. An admin's are all, marked whether they are theirs. */
export async function openTasks(ctx: Ctx, now: Date): Promise<TaskView[]> {
  return tasks(ctx, eq(schema.task.state, 'open'), now, asc(schema.task.dueAt))
}

/** How many open tasks wait for the actor's own groups and applications. */
export async function countTasks(ctx: Ctx, now: Date): Promise<number> {
  return (await openTasks(ctx, now)).filter((t) => t.mine).length
}

/** Tasks of the actor that were done or called off lately, newest first. */
export async function closedTasks(ctx: Ctx, now: Date): Promise<TaskView[]> {
  return tasks(ctx, ne(schema.task.state, 'open'), now, desc(schema.task.openedAt), 20)
}

/** One task with its lease, or null when there is none for this actor. */
export async function taskDetails(
  ctx: Ctx,
  id: string,
  now: Date,
): Promise<{ task: TaskView; mayComplete: boolean } | null> {
  const [task] = await tasks(ctx, eq(schema.task.id, id), now, asc(schema.task.dueAt))
  if (!task) return null
  const me = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  const mine = task.mine ? [me] : []
  const may =
    task.kind === 'review'
      ? can(ctx.actor, 'review.complete', { beneficiaryId: task.person.id, ownerIds: mine })
      : can(ctx.actor, 'task.complete', { beneficiaryId: task.person.id, fulfillerIds: mine })
  return { task, mayComplete: task.state === 'open' && may }
}

async function tasks(
  ctx: Ctx,
  where: SQL | undefined,
  now: Date,
  order: SQL,
  limit = 100,
): Promise<TaskView[]> {
  if (ctx.actor.kind !== 'person') return []
  const me = ctx.actor.id
  const { task, grant, group, application, applicationOwner } = schema
  const members = found()
  const [mine, owned] = await Promise.all([
    ctx.db.select({ id: members.groupId }).from(members.rows).where(eq(members.personId, me)),
    ctx.db
      .select({ id: applicationOwner.applicationId })
      .from(applicationOwner)
      .where(eq(applicationOwner.personId, me)),
  ])
  const groups = mine.map((g) => g.id)
  const applications = owned.map((a) => a.id)
  const isAdmin = ctx.actor.admin
  const all = isAdmin || ctx.actor.auditor
  if (!all && groups.length + applications.length === 0) return []
  const scope = all
    ? undefined
    : or(
        groups.length ? inArray(task.groupId, groups) : undefined,
        applications.length ? inArray(grant.applicationId, applications) : undefined,
      )
  const rows = await ctx.db
    .select({ row: task, personId: grant.personId, application, group: group.name })
    .from(task)
    .innerJoin(grant, eq(grant.id, task.grantId))
    .innerJoin(application, eq(application.id, grant.applicationId))
    .leftJoin(group, eq(group.id, task.groupId))
    .where(and(where, scope))
    .orderBy(order)
    .limit(limit)
  const seen = rows.filter(({ row, personId, application: app }) =>
    can(ctx.actor, 'task.see', {
      beneficiaryId: personId,
      ownerIds: applications.includes(app.id) ? [me] : [],
      fulfillerIds: row.groupId && groups.includes(row.groupId) ? [me] : [],
    }),
  )
  if (seen.length === 0) return []
  const [leases, people] = await Promise.all([
    unsafeLeases(
      ctx.db,
      inArray(
        grant.id,
        seen.map((r) => r.row.grantId),
      ),
      now,
    ),
    peopleOf(
      ctx.db,
      seen.flatMap((r) => [r.personId, ...(r.row.doneBy ? [r.row.doneBy] : [])]),
    ),
  ])
  return seen.flatMap(({ row, personId, application: app, group: groupName }): TaskView[] => {
    const lease = leases.find((l) => l.id === row.grantId)
    const person = people.get(personId)
    if (!lease || !person) return []
    return [
      {
        id: row.id,
        version: row.version,
        kind: row.kind,
        state: row.state,
        openedAt: row.openedAt,
        dueAt: row.dueAt,
        evidence: row.evidence,
        doneBy: row.doneBy ? (people.get(row.doneBy)?.name ?? null) : null,
        doneAt: row.doneAt,
        person,
        lease,
        checklist: app.checklist,
        group: groupName,
        mine:
          personId !== me &&
          (applications.includes(app.id) ||
            (row.groupId !== null && groups.includes(row.groupId)) ||
            (row.kind === 'review' && isAdmin)),
      },
    ]
  })
}
