'use client'

import { TimeText } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Avatar } from '@/components/ui/avatar'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { firstName } from '@/lib/asking-words'
import type { RequestView } from '@/lib/views'

type QuestionsProps = { requests: readonly RequestView[]; now: Date; zone: string }

/** What approvers of my requests want to know before they decide; each waits for my answer. */
export function OpenQuestions({ requests, now, zone }: QuestionsProps) {
  const open = requests.flatMap((request) =>
    request.state === 'pending'
      ? request.questions.filter((q) => q.answer === null).map((question) => ({ request, question }))
      : [],
  )
  if (open.length === 0) return null
  return (
    <ul className="card mb-3" aria-label="Questions to me">
      {open.map(({ request, question }) => (
        <li className="wait" key={question.id}>
          <Avatar name={question.personName} size={32} />
          <div className="grow min-w-0">
            <p>
              <b className="bb">{firstName(question.personName)} asks:</b> “{question.text}”
            </p>
            <p className="wait-why">
              About your request for <EntitlementName name={request.entitlement.name} /> on{' '}
              {request.application.name}
            </p>
            <p className="wait-foot">
              <span className="wait-when ink2">
                <Icon name="clock" size={12} />{' '}
                <TimeText at={request.decideBy} now={now} zone={zone} lead="lapses" />
              </span>
              <LinkButton
                size="sm"
                variant="primary"
                href={`/requests/${request.id}#questions`}
                aria-label={`Answer the question of ${question.personName} about ${request.entitlement.name}`}
              >
                Answer
              </LinkButton>
            </p>
          </div>
        </li>
      ))}
    </ul>
  )
}
