import 'server-only'
import { and, eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import { readClocks, readNow } from '@/lib/clock'
import { HOUR, plus } from '@/lib/domain/duration'
import { newId } from '@/lib/ids'
import { type At, inTransaction, lock } from '@/lib/services/apply'
import type { Changes, TaskRow } from '@/lib/services/changes'
import { adminsOf, type LoadedGrant, loadGrant, membersOf } from '@/lib/services/facts'
import { record, save } from '@/lib/services/save'
import { type Engine, step } from '../engine'
import { type Claim, redate } from '../work'
import { notGiven } from './not-given'

/** Applications without a connection: people give and take, and say so. This opens the task for a give. */
export async function giveByHand(engine: Engine, claim: Claim, f: LoadedGrant): Promise<void> {
  const now = await readNow(engine.db)
  if (f.row.firstGiveAt !== null) {
    if (now < f.row.startBy) return redate(engine.db, claim, f.row.startBy)
    // Nobody said that they gave it; whether somebody did is a question for the taking task.
    const why = 'Nobody gave it in time'
    const event = { type: 'give_up', why, absentAfterSettle: false } as const
    await step(engine, 'give', claim, event, (loaded) => ({ mails: notGiven(loaded, why) }))
    return
  }
  const people = await fulfillers(engine, f)
  await step(
    engine,
    'give',
    claim,
    { type: 'intend', baseline: 'unknown', convertStanding: true },
    (loaded, at) => {
      const opened = openTask(loaded, 'give', people, at)
      return {
        ...opened,
        work: [{ subjectType: 'grant', subjectId: f.row.id, order: { kind: 'give', dueAt: f.row.startBy } }],
      }
    },
  )
}

/** Sees to it that a taking task is open as long as nobody has said that the access is gone. */
export async function takeByHand(engine: Engine, claim: Claim, f: LoadedGrant): Promise<void> {
  const people = await fulfillers(engine, f)
  const { task } = schema
  const result = await inTransaction(engine.ctx, async (tx) => {
    await lock(tx, { grants: [f.row.id] })
    const { now, wall } = await readClocks(tx)
    const at: At = { now, wall, actor: engine.ctx.actor, newId }
    // Somebody may have said that it is gone since the grant was read.
    if ((await loadGrant(tx, f.row.id, at.now))?.row.state !== 'revoking') return
    const open = await tx.query.task.findMany({
      where: and(eq(task.grantId, f.row.id), eq(task.state, 'open')),
    })
    for (const give of open.filter((t) => t.kind === 'give')) await callOff(tx, give, at)
    if (open.some((t) => t.kind === 'take')) return
    await save(tx, { ...openTask(f, 'take', people, at), result: null }, at)
  })
  if (!result.ok) throw new Error(result.message)
  await redate(engine.db, claim, plus(await readNow(engine.db), HOUR))
}

async function callOff(tx: Parameters<typeof record>[0], row: TaskRow, at: At): Promise<void> {
  const { task } = schema
  await tx
    .update(task)
    .set({ state: 'void', version: row.version + 1 })
    .where(eq(task.id, row.id))
  await record(
    tx,
    { subjectType: 'task', subjectId: row.id, version: row.version + 1 },
    { verb: 'cancelled', data: { grantId: row.grantId } },
    at,
  )
}

/** Who is asked: the group; where nobody is in it, owners and admins. Never the holder, who could not complete it. */
async function fulfillers(engine: Engine, f: LoadedGrant): Promise<string[]> {
  const others = (ids: readonly string[]) => ids.filter((id) => id !== f.row.personId)
  const members = others(await membersOf(engine.db, f.application.fulfilmentGroupId))
  if (members.length > 0) return members
  return others([...new Set([...f.ownerIds, ...(await adminsOf(engine.db))])])
}

function openTask(
  f: LoadedGrant,
  kind: 'give' | 'take',
  people: readonly string[],
  at: At,
): Pick<Required<Changes<unknown>>, 'newTasks' | 'mails'> {
  const id = at.newId()
  const dueAt = plus(at.now, f.application.taskSeconds)
  return {
    newTasks: [
      { id, grantId: f.row.id, kind, groupId: f.application.fulfilmentGroupId, openedAt: at.now, dueAt },
    ],
    mails: people.map((personId) => ({
      occasion: `task-for-you:${id}`,
      kind: 'task-for-you',
      personId,
      taskId: id,
      grantId: f.row.id,
    })),
  }
}
