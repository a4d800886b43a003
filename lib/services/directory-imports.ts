import 'server-only'
import { eq, lt } from 'drizzle-orm'
import { z } from 'zod'
import { schema } from '@/db/client'
import type { ImportOutcome } from '@/db/schema/directory'
import type { Ctx } from '@/lib/context'
import { importKinds, MOST_BYTES, readDirectoryFile } from '@/lib/directory-file'
import type { PeoplePlan } from '@/lib/directory-plan'
import { DAY, plus } from '@/lib/domain/duration'
import { type Refusal, RefusalError, type Result, refuse } from '@/lib/domain/errors'
import type { GroupPlan } from '@/lib/group-plan'
import { newId } from '@/lib/ids'
import { change } from './change'
import { type ImportPlan, type MissingRow, planImport } from './directory-plans'
import { addMembers, createGroup, MOST_MEMBERS_AT_ONCE, removeMember } from './groups'
import { ORGANISATION_ID } from './organisation'
import { deactivatePerson } from './people'
import { changePerson, createPerson } from './person-edits'
import { escalateStuck } from './request-escalation'

const { directoryImport } = schema

/** The text of a file is kept so long, in seconds, so that a line that failed can be looked at again. */
const KEPT = 7 * DAY
/** A run that has no outcome after so long was cut short and may be started again, in seconds. */
const CUT_SHORT = 600

export const startImportInput = z.object({
  kind: z.enum(importKinds, { error: 'Choose what the file holds' }),
  fileName: z.string().trim().max(200),
  content: z.string(),
})

/**
 * Takes a file in and changes nothing: its page shows what it would do. Files of more than a week ago are dropped.
 * @returns refused `invalid` at `file` for one that is too large or cannot be read, with the line
 */
export function startImport(
  ctx: Ctx,
  input: z.output<typeof startImportInput>,
): Promise<Result<{ importId: string }>> {
  const importId = newId()
  return change(ctx, {
    gate: 'directory.import',
    subject: { type: 'organisation', id: ORGANISATION_ID },
    async run(tx, at) {
      const { kind, content } = input
      const fileName = input.fileName.replace(/\p{Cc}|\p{Cf}/gu, '') || 'file.csv'
      if (content.length > MOST_BYTES || content.includes('\0'))
        throw new RefusalError(refuse('invalid', 'This file is too large, or is no text', 'file'))
      const read = readDirectoryFile(kind, content)
      if (!read.ok) throw new RefusalError(refuse('invalid', read.message, 'file'))
      await tx.delete(directoryImport).where(lt(directoryImport.createdAt, plus(at.now, -KEPT)))
      const createdBy = at.actor.kind === 'person' ? at.actor.id : null
      if (!createdBy) throw new RefusalError(refuse('forbidden', 'A person imports a file'))
      const row = {
        id: importId,
        kind,
        fileName,
        content,
        lines: read.lines.length,
        createdBy,
        createdAt: at.now,
      }
      await tx.insert(directoryImport).values(row)
      return { result: { importId }, entry: null }
    },
  })
}

export const runImportInput = z.object({
  importId: z.uuid(),
  /** Names what was looked at. */
  seen: z.string().length(64),
  /** Whoever the file leaves out goes: people are deactivated, members leave the groups that it names. */
  missing: z.boolean().default(false),
})

/**
 * Does what the page of an import shows: every line without an error, each in a transaction of its own and on record
 * with whoever it is about. A line that fails keeps no other one, and is shown with its reason.
 * @returns refused `stale` when the directory says something else than what was looked at, `conflict` while it runs
 */
export async function runImport(
  ctx: Ctx,
  { importId, seen, missing }: z.output<typeof runImportInput>,
): Promise<Result<ImportOutcome>> {
  const importerId = ctx.actor.kind === 'person' ? ctx.actor.id : null
  const begun = await change(ctx, {
    gate: 'directory.import',
    subject: { type: 'organisation', id: ORGANISATION_ID },
    async run(tx, at) {
      const [row] = await tx
        .select()
        .from(directoryImport)
        .where(eq(directoryImport.id, importId))
        .for('update')
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such import, or not any more'))
      const running = row.startedAt && !row.outcome && row.startedAt > plus(at.now, -CUT_SHORT)
      if (running)
        throw new RefusalError(refuse('conflict', 'This import is running. Look again in a minute'))
      const planned = await planImport(tx, row, importerId)
      if (planned.digest !== seen)
        throw new RefusalError(
          refuse(
            'stale',
            'The directory changed since you looked. What would happen now is shown; look again',
          ),
        )
      const gone = missing ? planned.missing : []
      if (planned.plan.changes.length + gone.length === 0)
        throw new RefusalError(refuse('conflict', 'There is nothing to do'))
      await tx
        .update(directoryImport)
        .set({ startedAt: at.now, outcome: null })
        .where(eq(directoryImport.id, importId))
      const data = { name: row.fileName, kind: row.kind, ...countsOf(planned), gone: gone.length }
      return { result: { planned, gone }, entry: { verb: 'imported', data } }
    },
  })
  if (!begun.ok) return begun
  const { planned, gone } = begun.value
  const outcome = await perform(ctx, planned, gone)
  await ctx.db.update(directoryImport).set({ outcome }).where(eq(directoryImport.id, importId))
  return { ok: true, value: outcome }
}

const countsOf = ({ lines }: ImportPlan) => ({
  made: lines.filter((l) => l.outcome === 'new').length,
  changed: lines.filter((l) => l.outcome === 'changed').length,
  errors: lines.filter((l) => l.outcome === 'error').length,
})

type Failed = ImportOutcome['failed'][number]
interface Tally {
  made: number
  changed: number
  gone: number
  readonly failed: Failed[]
}

async function perform(ctx: Ctx, planned: ImportPlan, gone: readonly MissingRow[]): Promise<ImportOutcome> {
  const tally: Tally = { made: 0, changed: 0, gone: 0, failed: [] }
  if (planned.kind === 'people') {
    await importPeople(ctx, planned.plan, tally)
    for (const { key, who } of gone)
      await counted(tally, 'gone', { line: null, who }, () =>
        deactivatePerson(ctx, { personId: key, reason: 'Not in the imported file.' }),
      )
  } else {
    await importGroups(ctx, planned.plan, tally)
    for (const { key, who } of gone) {
      const [groupId = '', personId = ''] = key.split(':')
      await counted(tally, 'gone', { line: null, who }, () => removeMember(ctx, { groupId, personId }))
    }
  }
  await escalateStuck(ctx.db)
  return tally
}

async function counted(
  tally: Tally,
  what: 'made' | 'changed' | 'gone',
  { line, who }: { line: number | null; who: string },
  run: () => Promise<Result<unknown>>,
  times = 1,
): Promise<boolean> {
  const done = await run()
  if (done.ok) tally[what] += times
  else tally.failed.push({ line, who, why: whyOf(done) })
  return done.ok
}

const whyOf = (refusal: Refusal) => refusal.message

/** New people first, without their managers; then everybody's manager can be found. */
async function importPeople(ctx: Ctx, plan: PeoplePlan, tally: Tally): Promise<void> {
  const ids = new Map<string, string>()
  const managers = plan.changes.flatMap((one) => (one.manager ? [one.manager] : []))
  for (const address of await knownAddresses(ctx, managers)) ids.set(address.email, address.id)
  for (const { line, known, values } of plan.changes) {
    if (known) continue
    const who = `${values.name} (${values.email})`
    await counted(tally, 'made', { line, who }, async () => {
      const made = await createPerson(ctx, { ...values, managerId: null })
      if (made.ok) ids.set(values.email, made.value.personId)
      return made
    })
  }
  for (const { line, known, values, manager } of plan.changes) {
    const personId = known?.id ?? ids.get(values.email)
    if (!personId || (!known && !manager)) continue
    const managerId =
      manager === undefined ? (known?.managerId ?? null) : manager && (ids.get(manager) ?? null)
    if (manager && !managerId) {
      tally.failed.push({ line, who: values.name, why: `Their manager ${manager} was not taken in` })
      continue
    }
    const input = { personId, version: known?.version ?? 1, ...values, managerId }
    const done = await changePerson(ctx, input)
    if (!done.ok) tally.failed.push({ line, who: values.name, why: whyOf(done) })
    else if (known) tally.changed++
  }
}

async function knownAddresses(ctx: Ctx, addresses: readonly string[]) {
  if (addresses.length === 0) return []
  const rows = await ctx.db.query.person.findMany({ columns: { id: true, email: true } })
  const wanted = new Set(addresses)
  return rows
    .map(({ id, email }) => ({ id, email: email.toLowerCase() }))
    .filter(({ email }) => wanted.has(email))
}

async function importGroups(ctx: Ctx, plan: GroupPlan, tally: Tally): Promise<void> {
  for (const { name, known, joining } of plan.changes) {
    let groupId = known?.id
    const first = { line: joining[0]?.line ?? null, who: name }
    if (!groupId)
      await counted(tally, 'made', first, async () => {
        const made = await createGroup(ctx, { name, description: null })
        if (made.ok) groupId = made.value.groupId
        return made
      })
    for (let i = 0; groupId && i < joining.length; i += MOST_MEMBERS_AT_ONCE) {
      const some = joining.slice(i, i + MOST_MEMBERS_AT_ONCE)
      const personIds = some.map((one) => one.personId)
      const id = groupId
      const at = { line: some[0]?.line ?? null, who: name }
      await counted(tally, 'changed', at, () => addMembers(ctx, { groupId: id, personIds }), some.length)
    }
  }
}
