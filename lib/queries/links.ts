import 'server-only'
import type { Ctx } from '@/lib/context'
import { openLink } from '@/lib/links'
import type { TimelineEntryView } from '@/lib/timeline-words'
import type { ToDecide } from '@/lib/views'
import { countToDecide, requestToDecide } from './approvals'
import { type ExtensionForm, extensionForm } from './extensions'
import { type RequestDetails, requestDetails, requestStory } from './requests'

/** Nothing is said about what a link leads to unless the person it was mailed to looks. */
type Closed = { readonly kind: 'unknown' | 'foreign' | 'gone' }

export type DecideLink =
  | Closed
  | { readonly kind: 'decide'; readonly request: ToDecide; readonly mayRevoke: boolean }
  /** The request was edited since the mail: the link does not decide any more. */
  | { readonly kind: 'changed'; readonly requestId: string }
  | {
      readonly kind: 'decided'
      readonly details: RequestDetails
      readonly story: readonly TimelineEntryView[]
      readonly waiting: number
    }

/** Where a link from a decision mail leads now. Looking changes nothing, however often. */
export async function decideLink(ctx: Ctx, token: string, now: Date): Promise<DecideLink> {
  const { link, state } = await openLink(ctx.db, token, 'decide')
  if (!link?.requestId) return { kind: 'unknown' }
  if (ctx.actor.kind !== 'person' || link.personId !== ctx.actor.id) return { kind: 'foreign' }
  const details = await requestDetails(ctx, link.requestId, now)
  if (!details) return { kind: 'gone' }
  if (details.may.decide) {
    const request = await requestToDecide(ctx, link.requestId, now)
    if (request && state === 'ok') return { kind: 'decide', request, mayRevoke: details.owner }
    return { kind: 'changed', requestId: link.requestId }
  }
  const [story, waiting] = await Promise.all([requestStory(ctx, details), countToDecide(ctx, now)])
  return { kind: 'decided', details, story, waiting }
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
