import 'server-only'
import type { AccessReviewForm } from '@/lib/access-review-views'
import type { Ctx } from '@/lib/context'
import { reviewable } from '@/lib/services/access-review-lines'
import { startChoices } from './access-reviews'
import { unsafePeopleAndGroups } from './names'

/** What a new access review can be about; null for whoever may start none, or not one of that application. */
export async function accessReviewForm(
  ctx: Ctx,
  applicationId: string | null,
): Promise<AccessReviewForm | null> {
  const applications = await startChoices(ctx)
  if (applications.length === 0) return null
  const [only] = applications
  const chosen =
    applications.find(({ id }) => id === applicationId) ?? (applications.length === 1 ? only : null)
  if (applicationId && !chosen) return null
  if (!chosen) return { applications, chosen: null, entitlements: [], people: [] }
  const [entitlements, { people }] = await Promise.all([
    reviewable(ctx.db, chosen.id),
    unsafePeopleAndGroups(ctx.db),
  ])
  return { applications, chosen, entitlements, people }
}
