import 'server-only'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { can } from '@/lib/domain/authorize'
import { plus } from '@/lib/domain/duration'
import { decideByOf, extensionFlow, isExtensionAutomatic } from '@/lib/domain/extension'
import { isOver } from '@/lib/domain/grant'
import { approverBook } from '@/lib/services/approver-book'
import { loadGrant } from '@/lib/services/facts'
import { conflictsOf } from '@/lib/services/separation-rules'
import { usualAnswers } from './catalogue'
import { unsafeLeases } from './leases'
import { decisionsOf, peopleOf } from './names'
import { unsafeRequests } from './requests'

/** What the form to ask for more time needs; null when there is no such grant for this actor. */
export async function extensionForm(ctx: Ctx, grantId: string, now: Date) {
  const loaded = await loadGrant(ctx.db, grantId, now)
  if (!loaded) return null
  const { row, definition, ownerIds } = loaded
  if (!can(ctx.actor, 'grant.extend', { beneficiaryId: row.personId, ownerIds })) return null
  const me = ctx.actor.kind === 'person' ? ctx.actor.id : ''
  const { grant, request } = schema
  const [[lease], people, { records }, usual] = await Promise.all([
    unsafeLeases(ctx.db, eq(grant.id, grantId), now),
    peopleOf(ctx.db, [row.personId]),
    unsafeRequests(ctx.db, eq(request.grantId, grantId), now),
    usualAnswers(ctx.db, now, [row.entitlementId]),
  ])
  const person = people.get(row.personId)
  if (!lease || !person) return null
  const conflicts = await conflictsOf(ctx.db, row.personId, row.entitlementId)
  const { steps, extra, refused } = extensionFlow(definition, conflicts, loaded.entitlement.name)
  const place = {
    steps,
    applicationId: row.applicationId,
    personId: row.personId,
    askerId: me,
  }
  const book = await approverBook(ctx.db, [place], now)
  const sets = book.standing(place).approvers
  const first = records.find((r) => r.row.kind === 'grant' && r.row.state === 'approved')
  const endsAt = row.endsAt
  const latest = lease.extend?.latestEnd ?? null
  const graceSeconds = row.graceGiven ? 0 : definition.graceSeconds
  const version = await ctx.db.query.policyVersion.findFirst({
    where: eq(schema.policyVersion.id, row.policyVersionId),
    columns: { publishedBy: true },
  })
  const published = [row.personId, me].includes(version?.publishedBy ?? '')
  return {
    lease,
    holder: { name: person.name, mine: row.personId === me },
    mayReturn: can(ctx.actor, 'grant.return', { beneficiaryId: row.personId }),
    approved: first
      ? {
          by: (await decisionsOf(ctx.db, first.votes))
            .filter((d) => d.verdict === 'approve')
            .map((d) => d.personName),
          at: first.row.decidedAt,
          approval: first.row.approval,
          seconds: first.row.seconds,
        }
      : null,
    /** Why nothing can be asked for now; null when it can. */
    closed: closedWhy(
      row.state,
      endsAt !== null && isOver(row, now),
      lease.extend?.why ?? refused?.message ?? null,
    ),
    over: row.state !== 'active' || (endsAt !== null && isOver(row, now)),
    presets: definition.presets.map((p) => ({
      ...p,
      newEnd: endsAt ? plus(endsAt, p.seconds) : null,
      fits: Boolean(endsAt && latest && plus(endsAt, p.seconds) <= latest),
      automatic: extra.length === 0 && isExtensionAutomatic(definition, { seconds: p.seconds, published }),
    })),
    /** How long it may last in all, from when it was given. */
    maxTotalSeconds: definition.extension.maxTotalSeconds,
    graceSeconds,
    /** When a request made now would lapse. */
    decideBy: endsAt ? decideByOf(definition, now, { endsAt, graceGiven: row.graceGiven }) : null,
    reasonRequired: definition.reasonRequired,
    approverNames: [...new Set(sets.flat())].map(book.name),
    usualSeconds: usual.get(row.entitlementId) ?? null,
  }
}

function closedWhy(state: string, over: boolean, why: string | null): string | null {
  if (state === 'scheduled' || state === 'provisioning')
    return 'It has not started yet, so there is nothing to extend'
  if (state !== 'active' || over) return 'It has ended, so there is nothing left to extend. Ask for it anew'
  return why
}

export type ExtensionForm = NonNullable<Awaited<ReturnType<typeof extensionForm>>>
