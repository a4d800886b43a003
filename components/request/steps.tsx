import { Icon } from '@/components/ui/icon'
import { Badge } from '@/components/ui/labels'
import { nameList } from '@/lib/asking-words'
import { narrowedWords, voterName } from '@/lib/deciding-words'
import type { Approval } from '@/lib/domain/request'
import { formatClock } from '@/lib/format'
import type { ApproverView, StepView } from '@/lib/views'

type StepsProps = {
  steps: readonly StepView[]
  approval: Approval
  now: Date
  zone: string
}

const unasked: Record<Exclude<Approval, 'people'>, string> = {
  automatic: 'Agreed to by the policy’s own rule: nobody was asked.',
  emergency:
    'Taken as emergency access: nobody was asked, its owners and the admins were told, and it is reviewed afterwards.',
  conversion: 'Standing access became a lease: nothing new is given, so nobody had to agree.',
}

/** Who has to agree, step by step, how far it is, and who did. */
export function Steps({ steps, approval, now, zone }: StepsProps) {
  if (approval !== 'people') return <p className="read mt-2">{unasked[approval]}</p>
  return (
    <ol className="steps">
      {steps.map((step, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: steps are their order.
        <li key={i}>
          <p>
            <b className="b">
              {steps.length > 1 ? `Step ${i + 1}: ` : ''}
              {needWords(step)}
            </b>
            {step.open ? <span className="ink2"> · {progressWords(step)}</span> : null}
          </p>
          <Marks step={step} />
          <small>
            {step.approvers.length > 0
              ? nameList(
                  step.approvers.map((a) => approverWords(a, zone, now)),
                  step.quorum === 'all' ? 'and' : 'or',
                )
              : 'Nobody could agree at present'}
          </small>
          {step.decisions.map((d) => {
            const narrowed = narrowedWords(d, zone, now)
            return (
              <p key={d.personId} className="mt-1">
                <Icon
                  name={d.verdict === 'approve' ? 'check' : 'circle-x'}
                  size={14}
                  className={d.verdict === 'approve' ? 'c-ok' : 'c-bad'}
                />{' '}
                <b className="b">{voterName(d)}</b> {d.verdict === 'approve' ? 'agreed' : 'denied'}{' '}
                {formatClock(d.decidedAt, zone, now)}
                {narrowed ? `, ${narrowed}` : ''}
                {d.note ? <small>“{d.note}”</small> : null}
              </p>
            )
          })}
        </li>
      ))}
    </ol>
  )
}

function Marks({ step }: { step: StepView }) {
  if (!step.separation && !step.escalated && !step.reassigned) return null
  return (
    <p className="row flex-wrap my-1">
      {step.separation ? (
        <Badge tone="warn" icon="shield-check">
          Separation of duties: {step.separation}
        </Badge>
      ) : null}
      {step.escalated ? (
        <Badge tone="warn" icon="arrow-up-right">
          Escalated
        </Badge>
      ) : null}
      {step.reassigned ? (
        <Badge tone="info" icon="users">
          Reassigned by {step.reassigned.byName}
        </Badge>
      ) : null}
    </p>
  )
}

/** "being decided", "1 of 2 agreed so far". */
function progressWords({ needed, decisions }: StepView): string {
  const agreed = decisions.filter((d) => d.verdict === 'approve').length
  return needed > 1 ? `${agreed} of ${needed} agreed so far` : 'being decided'
}

/** "Ben Okafor (away until Mon 16 Nov 09:00: Jun Sato)". */
function approverWords({ name, substitute }: ApproverView, zone: string, now: Date): string {
  if (!substitute) return name
  const until = substitute.until ? ` until ${formatClock(substitute.until, zone, now)}` : ''
  return `${name} (away${until}: ${substitute.name})`
}

function needWords({ quorum, needed, approvers }: StepView): string {
  const n = approvers.length
  if (n === 0) return 'Nobody is left who could agree'
  if (needed === 1) return n === 1 ? 'One person has to agree' : 'One of them has to agree'
  if (quorum === 'all' || needed === n) return n === 2 ? 'Both have to agree' : `All ${n} have to agree`
  return needed > n ? `${needed} have to agree` : `${needed} of them have to agree`
}
