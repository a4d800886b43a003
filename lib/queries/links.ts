import 'server-only'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { Ctx } from '@/lib/context'
import { type FoundLink, openLink, requestDigest } from '@/lib/links'
import type { NotAsked } from '@/lib/not-asked'
import { type TermsChange, termsHistory, termsSince } from '@/lib/request-terms'
import type { TimelineEntryView } from '@/lib/timeline-words'
import type { SameAsk, ToDecide } from '@/lib/views'
import { countToDecide, requestToDecide, restOfAsk } from './approvals'
import { type ExtensionForm, extensionForm } from './extensions'
import { unsafeNotAsked } from './not-asked'
import {
  type RequestDetails,
  type RequestRecord,
  requestDetails,
  requestStory,
  unsafeRequestEntries,
  unsafeRequests,
} from './requests'

/** Nothing is said about what a link leads to unless the person it was mailed to looks. */
type Closed = { readonly kind: 'unknown' | 'foreign' | 'gone' }

export type DecideLink =
  | Closed
  | {
      readonly kind: 'decide'
      readonly request: ToDecide
      readonly mayRevoke: boolean
      readonly rest: readonly SameAsk[]
    }
  /** The request is another one than the mail said: what is different, and it is decided on its own page. */
  | { readonly kind: 'changed'; readonly request: ToDecide; readonly change: TermsChange }
  /** The link's own time is over, or it was used; the request itself waits still. */
  | { readonly kind: 'expired'; readonly requestId: string }
  | {
      readonly kind: 'decided'
      readonly details: RequestDetails
      readonly story: readonly TimelineEntryView[]
      readonly waiting: number
      readonly rest: readonly SameAsk[]
    }
  /** Why the person it was mailed to is not asked any more; `maySee` says whether the request's page is theirs. */
  | {
      readonly kind: 'not_asked'
      readonly answer: NotAsked
      readonly change: TermsChange | null
      readonly maySee: boolean
    }

/** Where a link from a decision mail leads now. Looking changes nothing, however often. */
export async function decideLink(ctx: Ctx, token: string, now: Date): Promise<DecideLink> {
  const { link, state } = await openLink(ctx.db, token, 'decide')
  if (!link?.requestId) return { kind: 'unknown' }
  if (ctx.actor.kind !== 'person' || link.personId !== ctx.actor.id) return { kind: 'foreign' }
  const me = ctx.actor.id
  const details = await requestDetails(ctx, link.requestId, now)
  if (details?.may.decide) {
    const request = await requestToDecide(ctx, link.requestId, now)
    if (request) {
      if (state === 'ok')
        return {
          kind: 'decide',
          request,
          mayRevoke: details.owner,
          rest: await restOfAsk(ctx, request, now),
        }
      const change = await changeSince(ctx, link, request)
      return change ? { kind: 'changed', request, change } : { kind: 'expired', requestId: request.id }
    }
  }
  const { records, book } = await unsafeRequests(ctx.db, eq(schema.request.id, link.requestId), now)
  const [record] = records
  if (!record) return { kind: 'gone' }
  if (details && isAnswered(record, me, now)) {
    const [story, waiting, rest] = await Promise.all([
      requestStory(ctx, details),
      countToDecide(ctx, now),
      restOfAsk(ctx, details.request, now),
    ])
    return { kind: 'decided', details, story, waiting, rest }
  }
  return {
    kind: 'not_asked',
    answer: await unsafeNotAsked(ctx.db, record, book, { me, now, round: link.round }),
    // Whoever may not see the request learns no more of it than their mail said.
    change: details && record.row.state === 'pending' ? await changeSince(ctx, link, record.view) : null,
    maySee: details !== null,
  }
}

/** Decided, over, or this person has given their answer in this round. */
function isAnswered({ row, votes }: RequestRecord, me: string, now: Date): boolean {
  return row.state !== 'pending' || now >= row.decideBy || votes.some((v) => v.personId === me)
}

/** What is different from what the link's mail said; null for nothing. */
async function changeSince(
  ctx: Ctx,
  link: FoundLink,
  request: Pick<
    RequestRecord['view'],
    'id' | 'personId' | 'entitlement' | 'round' | 'seconds' | 'startAt' | 'reason'
  >,
): Promise<TermsChange | null> {
  const { id, personId, entitlement, round, seconds, startAt, reason } = request
  const digest = (terms: { round: number; seconds: number | null; startAt: Date | null; reason: string }) =>
    requestDigest({ id, personId, entitlementId: entitlement.id, ...terms })
  const present = { round, seconds, startAt, reason }
  if (digest(present) === link.digest) return null
  const history = termsHistory(await unsafeRequestEntries(ctx.db, id))
  return termsSince(history, { round: link.round, isMailed: (t) => digest(t) === link.digest }, present)
}

export type ExtendLink = Closed | { readonly kind: 'extend'; readonly form: ExtensionForm }

/** Where a link from an expiry notice leads now. An older notice's link shows the end as it stands today. */
export async function extendLink(ctx: Ctx, token: string, now: Date): Promise<ExtendLink> {
  const { link } = await openLink(ctx.db, token, 'extend')
  if (!link?.grantId) return { kind: 'unknown' }
  if (ctx.actor.kind !== 'person' || link.personId !== ctx.actor.id) return { kind: 'foreign' }
  const form = await extensionForm(ctx, link.grantId, now)
  return form ? { kind: 'extend', form } : { kind: 'gone' }
}
