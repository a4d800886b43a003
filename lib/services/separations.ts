import 'server-only'
import { and, eq, inArray, isNull, ne, sql } from 'drizzle-orm'
import { type Reader, schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { type Refusal, RefusalError, type Result, refuse, refuseFields } from '@/lib/domain/errors'
import { type SeparationRule, separationProblems } from '@/lib/domain/separation'
import { newId } from '@/lib/ids'
import { approvalIndex, unknownNames, unknownWords } from '@/lib/policy-coverage'
import type { At } from './apply'
import { change, fresh } from './change'
import { loadPolicyDirectory } from './policy-checks'
import type { ChangeSeparationInput, CreateSeparationInput, SeparationRefInput } from './separation-input'

type SeparationRow = typeof schema.separation.$inferSelect

/** What every verb answers: the version to send with the next one. */
export interface SeparationSaved {
  readonly separationId: string
  readonly version: number
}

/**
 * Makes a rule that holds from now on: for what is asked for, what is decided, and what is about to be given. Nothing
 * is taken from whoever holds two of them already. Refuses with every problem at its field, and `nobody_can_approve`
 * for an extra step that nobody could decide on at present. Admins only.
 */
export function createSeparation(ctx: Ctx, input: CreateSeparationInput): Promise<Result<SeparationSaved>> {
  const id = newId()
  return change(ctx, {
    gate: 'separation.edit',
    subject: { type: 'separation', id },
    async run(tx) {
      const rule = ruleOf(input)
      await judge(tx, rule, id)
      await tx.insert(schema.separation).values({ id, ...rowOf(rule) })
      await setEntitlements(tx, id, rule)
      return {
        result: { separationId: id, version: 1 },
        entry: { verb: 'created', data: { ...said(rule) } },
      }
    },
  })
}

/** Changes a rule. Refuses like {@link createSeparation}, and `stale` when somebody saved after `version` was read. */
export function changeSeparation(ctx: Ctx, input: ChangeSeparationInput): Promise<Result<SeparationSaved>> {
  return editSeparation(ctx, input, async (tx, row) => {
    const rule = ruleOf(input)
    await judge(tx, rule, row.id)
    const before = await tx.query.separationEntitlement.findMany({
      where: eq(schema.separationEntitlement.separationId, row.id),
    })
    const what = differences({ ...row, entitlementIds: before.map((e) => e.entitlementId) }, rule)
    if (what.length === 0) throw new RefusalError(refuse('invalid', 'Nothing is different from what it says'))
    await update(tx, row, rowOf(rule))
    await tx.delete(schema.separationEntitlement).where(eq(schema.separationEntitlement.separationId, row.id))
    await setEntitlements(tx, row.id, rule)
    return { verb: 'changed', data: { ...said(rule), was: said(row), what: `${what.join(', ')}.` } }
  })
}

/** The rule counts for nothing from now on. Requests keep the steps it brought. */
export function archiveSeparation(ctx: Ctx, input: SeparationRefInput): Promise<Result<SeparationSaved>> {
  return editSeparation(ctx, input, async (tx, row, at) => {
    await update(tx, row, { archivedAt: at.now })
    return { verb: 'archived', data: { name: row.name } }
  })
}

function editSeparation(
  ctx: Ctx,
  input: SeparationRefInput,
  body: (
    tx: Tx,
    row: SeparationRow,
    at: At,
  ) => Promise<{ verb: 'changed' | 'archived'; data: Record<string, unknown> }>,
): Promise<Result<SeparationSaved>> {
  return change(ctx, {
    gate: 'separation.edit',
    subject: { type: 'separation', id: input.separationId },
    async run(tx, at) {
      const row = await tx.query.separation.findFirst({ where: eq(schema.separation.id, input.separationId) })
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such rule, or not any more'))
      if (row.archivedAt)
        throw new RefusalError(refuse('unavailable', 'This rule is archived and stays as it is'))
      fresh(input.version, row.version, 'rule')
      const entry = await body(tx, row, at)
      return { result: { separationId: row.id, version: row.version + 1 }, entry }
    },
  })
}

/** A rule that refuses asks nobody, whatever the form still had in its field. */
const ruleOf = (input: CreateSeparationInput): SeparationRule => ({
  ...input,
  approvers: input.effect === 'extra_step' ? input.approvers : [],
})

const rowOf = ({ name, reason, effect, approvers }: SeparationRule) => ({
  name,
  reason,
  effect,
  approvers: [...approvers],
})

const said = ({ name, reason, effect }: Pick<SeparationRule, 'name' | 'reason' | 'effect'>) => ({
  name,
  reason,
  effect,
})

async function setEntitlements(tx: Tx, separationId: string, { entitlementIds }: SeparationRule) {
  await tx
    .insert(schema.separationEntitlement)
    .values(entitlementIds.map((entitlementId) => ({ separationId, entitlementId })))
}

async function update(tx: Tx, row: SeparationRow, set: Partial<SeparationRow>): Promise<void> {
  await tx
    .update(schema.separation)
    .set({ ...set, version: row.version + 1 })
    .where(eq(schema.separation.id, row.id))
}

/** What differs, each in a word for the timeline. */
function differences(was: SeparationRule, now: SeparationRule): string[] {
  const sorted = (ids: readonly string[]) => JSON.stringify([...ids].sort())
  const refs = (rule: SeparationRule) =>
    sorted(rule.approvers.map((r) => ('id' in r ? `${r.kind}:${r.id}` : r.kind)))
  return [
    was.name === now.name ? '' : `The name, before: ${was.name}`,
    was.reason === now.reason ? '' : 'The reason',
    sorted(was.entitlementIds) === sorted(now.entitlementIds) ? '' : 'The entitlements',
    was.effect === now.effect
      ? ''
      : now.effect === 'refuse'
        ? 'It refuses now'
        : 'It asks for one more approval now',
    refs(was) === refs(now) || now.effect === 'refuse' ? '' : 'Who decides on the extra step',
  ].filter(Boolean)
}

async function judge(tx: Tx, rule: SeparationRule, separationId: string): Promise<void> {
  const problems = separationProblems(rule)
  const taken = await nameTaken(tx, rule.name, separationId)
  if (taken) problems.name ??= `There is a rule called “${taken}” already`
  const applicationIds = await applicationsOfRule(tx, rule, problems)
  const directory = await loadPolicyDirectory(tx)
  const steps = rule.effect === 'extra_step' ? [{ approvers: rule.approvers, quorum: 1 }] : []
  const unknown = unknownNames({ requesters: { kind: 'anyone' }, automatic: null, steps }, directory)
  if (unknown[0]) problems.approvers ??= unknownWords(await nameOf(tx, unknown[0].id))
  if (Object.keys(problems).length > 0) throw new RefusalError(refuseFields(problems))
  if (steps.length === 0) return
  const { hopeless } = approvalIndex(directory).coverage(
    { requesters: { kind: 'anyone' }, steps },
    applicationIds,
  )
  if (hopeless[0]) {
    const where = directory.applications.find((a) => a.id === hopeless[0]?.applicationId)?.name
    throw new RefusalError(nobodyDecides(where))
  }
}

const nobodyDecides = (application: string | undefined): Refusal =>
  refuse(
    'nobody_can_approve',
    `At present nobody could decide on this step for ${application ?? 'any request'}, so every such request would stop there`,
    'approvers',
  )

/** The applications in use that its entitlements are on; one that does not exist is a problem. */
async function applicationsOfRule(
  tx: Tx,
  { entitlementIds }: SeparationRule,
  problems: Record<string, string>,
): Promise<string[]> {
  if (entitlementIds.length === 0) return []
  const { application, entitlement } = schema
  const found = await tx
    .select({ id: entitlement.id, applicationId: application.id, archivedAt: application.archivedAt })
    .from(entitlement)
    .innerJoin(application, eq(application.id, entitlement.applicationId))
    .where(inArray(entitlement.id, [...entitlementIds]))
  if (found.length < entitlementIds.length)
    problems.entitlementIds ??= 'An entitlement of this rule does not exist any more. Choose again'
  return [...new Set(found.flatMap((e) => (e.archivedAt ? [] : [e.applicationId])))]
}

async function nameTaken(tx: Tx, name: string, separationId: string): Promise<string | null> {
  const { separation } = schema
  const [taken] = await tx
    .select({ name: separation.name })
    .from(separation)
    .where(
      and(
        sql`lower(${separation.name}) = lower(${name})`,
        isNull(separation.archivedAt),
        ne(separation.id, separationId),
      ),
    )
  return taken?.name ?? null
}

async function nameOf(db: Reader, id: string): Promise<string | undefined> {
  const person = await db.query.person.findFirst({ where: eq(schema.person.id, id), columns: { name: true } })
  if (person) return person.name
  const group = await db.query.group.findFirst({ where: eq(schema.group.id, id), columns: { name: true } })
  return group?.name
}
