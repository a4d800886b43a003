import 'server-only'
import type { Reader } from '@/db/client'
import type { MailContent } from '@/emails'
import { missedWords } from '@/lib/access-review-words'
import { decideUntil, lineStatus } from '@/lib/domain/access-review'
import { reviewBook } from '@/lib/services/access-review-book'
import { loadLines } from '@/lib/services/access-review-facts'
import { placeOfLine, reviewOf } from '@/lib/services/access-reviews'
import type { MailRow } from '@/lib/services/changes'
import { nameOf } from './facts'
import { type Owed, pageUrl } from './owed'

/** What a reviewer has left of a review that is under way; null where it is nothing. */
export async function leftToReview(db: Reader, row: MailRow, now: Date) {
  const review = await reviewOf(db, String(row.data.reviewId))
  if (!review || !row.personId || !['open', 'escalated'].includes(review.state)) return null
  if (now >= decideUntil(review)) return null
  const open = (await loadLines(db, { reviewIds: [review.id] })).filter((line) =>
    ['open', 'missed'].includes(lineStatus(line)),
  )
  const places = open.map((line) => placeOfLine(review, line.row))
  const book = await reviewBook(db, places)
  const mine = places.map(book.reviewers).filter(({ ids }) => ids.includes(row.personId ?? ''))
  const [first] = mine
  return first && first.as !== 'nobody' ? { review, lines: mine.length, as: first.as } : null
}

/** To a reviewer: at the start, as a reminder, or because the first reviewers missed it. */
export async function accessReview({ db, row, base, now }: Owed): Promise<MailContent | null> {
  const left = await leftToReview(db, row, now)
  if (!left) return null
  const { review, lines, as } = left
  const application = await applicationName(db, review.applicationId)
  return {
    kind: 'access-review',
    props: {
      ...base,
      name: review.name,
      application,
      why: row.data.why === 'reminder' || row.data.why === 'escalated' ? row.data.why : 'asked',
      lines,
      until: decideUntil(review),
      because: as,
      startedBy: await nameOf(db, review.startedBy),
      instructions: review.instructions,
      missed:
        review.state === 'escalated'
          ? 'Stays marked as missed. Nothing is taken.'
          : missedWords[review.consequence],
      url: pageUrl(`/approvals/access-reviews/${review.id}`),
    },
  }
}

/** To whoever started it, and the owners: what came of it. */
export async function accessReviewClosed({ db, row, base }: Owed): Promise<MailContent | null> {
  const review = await reviewOf(db, String(row.data.reviewId))
  if (review?.state !== 'closed') return null
  const lines = await loadLines(db, { reviewIds: [review.id] })
  const count = (status: ReturnType<typeof lineStatus>) =>
    lines.filter((l) => lineStatus(l) === status).length
  // A lease that is revoked because it was missed is over by now; it counts as missed all the same.
  const missed = lines.filter((l) => l.missedAt && !l.decision)
  return {
    kind: 'access-review-closed',
    props: {
      ...base,
      name: review.name,
      application: await applicationName(db, review.applicationId),
      kept: count('kept'),
      removed: count('removed'),
      missed: missed.length,
      over: lines.filter((l) => l.overAt).length,
      revoked: review.consequence === 'revoke' ? missed.filter((l) => l.row.grantId).length : 0,
      missedWords: missedWords[review.consequence === 'escalate' ? 'visible' : review.consequence],
      url: pageUrl(`/settings/access-management/access-reviews/${review.id}`),
    },
  }
}

async function applicationName(db: Reader, id: string): Promise<string> {
  const row = await db.query.application.findFirst({ where: (t, { eq }) => eq(t.id, id) })
  return row?.name ?? 'an application'
}
