'use client'

import { useEffect, useRef } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import type { AccessReviewPlan, ReviewerShare } from '@/lib/access-review-views'
import { asWords, reviewerNames } from '@/lib/access-review-words'
import type { ReviewerRule } from '@/lib/domain/access-review'

type Props = {
  plan: AccessReviewPlan
  rule: ReviewerRule
  pending: boolean
  onConfirm: () => void
  onBack: () => void
}

/** How many lines, who reviews what, what cannot be listed, what happens; and the button that starts it. */
export function PlanCard({ plan, rule, pending, onConfirm, onBack }: Props) {
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  const total = plan.leases + plan.standing
  return (
    <section className="card" aria-labelledby="ar-plan">
      <div className="card-head">
        <h2 className="card-title" id="ar-plan" ref={title} tabIndex={-1}>
          {total === 1 ? '1 line to review' : `${total} lines to review`}
        </h2>
      </div>
      <div className="card-pad stack gap-4!">
        <p>
          {counted(plan.leases, 'lease')} and {counted(plan.standing, 'access', 'accesses')} held for good.
        </p>
        <div>
          <h3 className="label">Who reviews what</h3>
          <ul className="ar-list">
            {plan.shares.map((share) => (
              <Share key={`${share.as}:${share.names.join()}`} share={share} rule={rule} />
            ))}
          </ul>
        </div>
        <CannotBe plan={plan} />
        <div>
          <h3 className="label">What happens</h3>
          <ol className="ar-steps">
            {plan.sentences.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ol>
        </div>
        <div className="row flex-wrap">
          <Button
            variant="primary"
            icon="list-checks"
            pending={pending}
            onClick={onConfirm}
            disabled={total === 0}
            reason={total === 0 ? 'There is nothing to review' : undefined}
          >
            Start this access review
          </Button>
          <Button disabled={pending} onClick={onBack}>
            Change something
          </Button>
        </div>
      </div>
    </section>
  )
}

function Share({ share, rule }: { share: ReviewerShare; rule: ReviewerRule }) {
  const lines = counted(share.lines, 'line')
  if (share.as === 'nobody')
    return (
      <li className="c-warn">
        <b>Nobody</b>: {lines}. Whoever could review is whose access it is, so these would be missed.
      </li>
    )
  return (
    <li>
      <b>{reviewerNames(share.names)}</b>: {lines} <span className="ink2">({asWords(share.as, rule)})</span>
    </li>
  )
}

/** What could not be listed, and what is held and not decided here. Silent where there is neither. */
export function CannotBe({ plan }: { plan: Pick<AccessReviewPlan, 'gaps' | 'leftOut'> }) {
  const { gaps, leftOut } = plan
  return (
    <>
      {gaps.length > 0 ? (
        <Callout tone="warn" icon="eye-off">
          <p>
            <b>Not listed, so not reviewed:</b>
          </p>
          <ul className="ar-list">
            {alike(gaps).map(({ why, whats }) => (
              <Gap key={why} why={why} whats={whats} />
            ))}
          </ul>
        </Callout>
      ) : null}
      {leftOut.length > 0 ? (
        <Callout>
          <details>
            <summary>
              {counted(leftOut.length, 'access', 'accesses')} held there cannot be removed one by one, and{' '}
              {leftOut.length === 1 ? 'is' : 'are'} not decided here
            </summary>
            <ul className="ar-list">
              {leftOut.map(({ entitlement, who, why }) => (
                <li key={`${entitlement}:${who}`}>
                  {who}, {entitlement}: {why.replace(/\.?$/, '.')}
                </li>
              ))}
            </ul>
          </details>
        </Callout>
      ) : null}
    </>
  )
}

/** So many names stand side by side; of more there is a count to open. */
const FEW = 3

/** What could not be listed for one reason. */
function Gap({ why, whats }: { why: string; whats: readonly string[] }) {
  const reason = why.replace(/\.?$/, '.')
  if (whats.length <= FEW)
    return (
      <li>
        {whats.join(', ')}: {reason}
      </li>
    )
  return (
    <li>
      <details>
        <summary>
          {whats.length} entitlements: {reason}
        </summary>
        <span className="ink2">{whats.join(', ')}</span>
      </details>
    </li>
  )
}

/** One reason is said once, however many it is about. */
function alike(gaps: AccessReviewPlan['gaps']): { why: string; whats: string[] }[] {
  const byWhy = new Map<string, string[]>()
  for (const { what, why } of gaps) byWhy.set(why, [...(byWhy.get(why) ?? []), what])
  return [...byWhy].map(([why, whats]) => ({ why, whats }))
}

const counted = (n: number, one: string, many = `${one}s`) => `${n} ${n === 1 ? one : many}`
