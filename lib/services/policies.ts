import 'server-only'
import { and, eq, ne, sql } from 'drizzle-orm'
import { schema, type Tx } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { ok, RefusalError, type Result, refuse } from '@/lib/domain/errors'
import { blankPolicy } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import type { At } from './apply'
import { change, fresh } from './change'
import { floorOf } from './facts'
import { publishRefusal, timelineWords } from './policy-checks'
import type { createPolicyInput, PolicyRefInput, ReplacePolicyInput, SaveDraftInput } from './policy-input'
import { lapseOutdated } from './policy-requests'

type PolicyRow = typeof schema.policy.$inferSelect

/** What every policy verb answers: the version to send with the next one. */
export interface PolicySaved {
  readonly policyId: string
  readonly version: number
}

/** The same after a version or the policy was replaced, with how many pending requests lapsed by it. */
export interface PolicyReplaced extends PolicySaved {
  readonly lapsed: number
}

/** Starts a policy with a name and the blank draft. Refuses a name that is taken. Admins only. */
export function createPolicy(
  ctx: Ctx,
  input: Pick<(typeof createPolicyInput)['_output'], 'name' | 'description'>,
): Promise<Result<PolicySaved>> {
  const id = newId()
  return change(ctx, {
    gate: 'policy.edit',
    subject: { type: 'policy', id },
    async run(tx, at) {
      await nameIsFree(tx, input.name, id)
      await tx.insert(schema.policy).values({
        id,
        name: input.name,
        description: input.description,
        draft: blankPolicy,
        updatedAt: at.now,
      })
      return {
        result: { policyId: id, version: 1 },
        entry: { verb: 'created', data: { name: input.name } },
      }
    },
  })
}

/**
 * Keeps a draft, however unfinished. Name and description are no rules and hold at once; the definition waits
 * for {@link publishPolicy}. Refuses `stale` when somebody saved after `version` was read.
 */
export function saveDraft(ctx: Ctx, input: SaveDraftInput): Promise<Result<PolicySaved>> {
  return editPolicy(ctx, input, async (tx, row, at) => {
    await nameIsFree(tx, input.name, row.id)
    await update(tx, row, at, {
      name: input.name,
      description: input.description,
      draft: input.definition,
    })
    const renamed = input.name === row.name ? {} : { name: input.name, was: row.name }
    return { verb: 'changed', data: { draft: 'saved', ...renamed } }
  })
}

/**
 * Makes the draft the version that requests are judged by from now on. Requests and grants that exist keep the
 * version they pinned; with `lapsePending` the requests lapse once it is published. Refuses with every problem at its
 * field; `nobody_can_approve` at the step that would stop everybody.
 */
export async function publishPolicy(ctx: Ctx, input: ReplacePolicyInput): Promise<Result<PolicyReplaced>> {
  const published = await editPolicy(
    ctx,
    input,
    async (tx, row, at) => {
      if (!row.draft)
        throw new RefusalError(refuse('conflict', 'There is no draft to publish: nothing changed'))
      const refused = await publishRefusal(tx, row.id, row.draft, await floorOf(tx))
      if (refused) throw new RefusalError(refused)
      const { policyEntitlement, policyVersion } = schema
      const [last] = await tx
        .select({ number: sql<number>`coalesce(max(${policyVersion.number}), 0)`.mapWith(Number) })
        .from(policyVersion)
        .where(eq(policyVersion.policyId, row.id))
      const number = (last?.number ?? 0) + 1
      const versionId = at.newId()
      await tx.insert(policyVersion).values({
        id: versionId,
        policyId: row.id,
        number,
        name: row.name,
        definition: row.draft,
        publishedBy: at.actor.kind === 'person' ? at.actor.id : null,
        publishedAt: at.now,
      })
      await tx.delete(policyEntitlement).where(eq(policyEntitlement.policyId, row.id))
      await tx
        .insert(policyEntitlement)
        .values(row.draft.entitlementIds.map((entitlementId) => ({ entitlementId, policyId: row.id })))
      await update(tx, row, at, { draft: null, currentVersionId: versionId })
      return { verb: 'published', data: { number, ...timelineWords(row.draft) } }
    },
    'policy.publish',
  )
  return withLapsed(ctx, input, published)
}

/**
 * Nobody can ask under this policy any more; what was asked and given under it goes on. With `lapsePending` what was
 * asked for lapses.
 */
export async function archivePolicy(ctx: Ctx, input: ReplacePolicyInput): Promise<Result<PolicyReplaced>> {
  const archived = await editPolicy(ctx, input, async (tx, row, at) => {
    await tx.delete(schema.policyEntitlement).where(eq(schema.policyEntitlement.policyId, row.id))
    await update(tx, row, at, { draft: null, archivedAt: at.now })
    return { verb: 'archived', data: { name: row.name } }
  })
  return withLapsed(ctx, input, archived)
}

async function withLapsed(
  ctx: Ctx,
  { policyId, lapsePending }: ReplacePolicyInput,
  done: Result<PolicySaved>,
): Promise<Result<PolicyReplaced>> {
  if (!done.ok) return done
  return ok({ ...done.value, lapsed: lapsePending ? await lapseOutdated(ctx, policyId) : 0 })
}

/** Throws the draft away. A policy that was never published goes with it; `gone` says so. */
export async function discardDraft(
  ctx: Ctx,
  input: PolicyRefInput,
): Promise<Result<PolicySaved & { gone: boolean }>> {
  let gone = false
  const done = await editPolicy(ctx, input, async (tx, row, at) => {
    gone = row.currentVersionId === null
    if (!row.draft) throw new RefusalError(refuse('conflict', 'There is no draft to discard'))
    if (row.currentVersionId) {
      await update(tx, row, at, { draft: null })
      return { verb: 'changed', data: { draft: 'discarded' } }
    }
    await tx.delete(schema.policy).where(eq(schema.policy.id, row.id))
    return { verb: 'archived', data: { name: row.name, neverPublished: true } }
  })
  return done.ok ? ok({ ...done.value, gone }) : done
}

type PolicyEntry = {
  verb: 'created' | 'changed' | 'published' | 'archived'
  data: Record<string, unknown>
}

function editPolicy(
  ctx: Ctx,
  input: PolicyRefInput,
  body: (tx: Tx, row: PolicyRow, at: At) => Promise<PolicyEntry>,
  gate: 'policy.edit' | 'policy.publish' = 'policy.edit',
): Promise<Result<PolicySaved>> {
  return change(ctx, {
    gate,
    subject: { type: 'policy', id: input.policyId },
    async run(tx, at) {
      const row = await tx.query.policy.findFirst({ where: eq(schema.policy.id, input.policyId) })
      if (!row) throw new RefusalError(refuse('not_found', 'There is no such policy, or not any more'))
      if (row.archivedAt)
        throw new RefusalError(refuse('unavailable', 'This policy is archived and stays as it is'))
      fresh(input.version, row.version, 'policy')
      const entry = await body(tx, row, at)
      return { result: { policyId: row.id, version: row.version + 1 }, entry }
    },
  })
}

async function update(tx: Tx, row: PolicyRow, at: At, set: Partial<PolicyRow>): Promise<void> {
  await tx
    .update(schema.policy)
    .set({ ...set, updatedAt: at.now, version: row.version + 1 })
    .where(eq(schema.policy.id, row.id))
}

async function nameIsFree(tx: Tx, name: string, policyId: string): Promise<void> {
  const { policy } = schema
  const [taken] = await tx
    .select({ name: policy.name })
    .from(policy)
    .where(and(sql`lower(${policy.name}) = lower(${name})`, ne(policy.id, policyId)))
  if (taken)
    throw new RefusalError(refuse('invalid', `There is a policy called “${taken.name}” already`, 'name'))
}
