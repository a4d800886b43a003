import { EntitlementName } from '@/components/request/entitlement-name'
import { LinkButton } from '@/components/ui/button'
import type { NotAsked } from '@/lib/not-asked'
import { notAskedWords } from '@/lib/not-asked-words'
import type { TermsChange } from '@/lib/request-terms'
import { Difference } from './link-changed'

type PanelProps = {
  answer: NotAsked
  change: TermsChange | null
  maySee: boolean
  now: Date
  zone: string
}

/** To somebody who was mailed and is not asked any more: why, who decides now, and what to do. */
export function NotAskedPanel({ answer, change, maySee, now, zone }: PanelProps) {
  const { title, why, todo } = notAskedWords(answer, now, zone)
  const { askerName, personName, name, application } = answer
  return (
    <section className="panel stack">
      <div>
        <h1 className="panel-title">{title}</h1>
        <p className="read mt-1">{why}</p>
      </div>
      <p className="ink2">
        It was about {askerName} asking for <EntitlementName name={name} /> on {application}
        {askerName === personName ? '' : `, on behalf of ${personName}`}.
      </p>
      {change ? (
        <div>
          <h2 className="block-title">Changed since your mail</h2>
          <Difference change={change} now={now} zone={zone} />
        </div>
      ) : null}
      <p className="read">{todo}</p>
      <div className="row flex-wrap">
        {maySee ? <LinkButton href={`/requests/${answer.requestId}`}>See the request</LinkButton> : null}
        <LinkButton href="/approvals">See what waits for you</LinkButton>
      </div>
    </section>
  )
}
