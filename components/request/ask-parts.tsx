'use client'

import { useNow } from '@/components/lease/lease-clock'
import { AppMark, Avatars } from '@/components/ui/avatar'
import { SubmitButton } from '@/components/ui/button'
import { Badge } from '@/components/ui/labels'
import { firstName } from '@/lib/asking-words'
import { plus } from '@/lib/domain/duration'
import { formatClock, formatDuration, formatDurationShort } from '@/lib/format'
import type { ApplicationView, EntitlementView } from '@/lib/views'
import { AskClocks } from './ask-clocks'
import type { AskFormProps } from './ask-form'
import { EntitlementName } from './entitlement-name'
import { WillHappen } from './will-happen'

/** What is asked for. */
export function AskHead({
  entitlement,
  application,
}: {
  entitlement: EntitlementView
  application: ApplicationView
}) {
  return (
    <header className="rq-head">
      <AppMark name={application.name} size={40} />
      <div>
        <h1>
          <EntitlementName name={entitlement.name} heading /> on {application.name}
        </h1>
        {entitlement.description ? <p>{entitlement.description}</p> : null}
        {entitlement.risk === 'high' ? (
          <div className="mt-2">
            <Badge tone="warn" icon="flag">
              High risk
            </Badge>
          </div>
        ) : null}
      </div>
    </header>
  )
}

type SideProps = AskFormProps & {
  preset: { seconds: number; noticeSeconds: number } | null
  startAt: Date | null
  pending: boolean
  /** The access policy agrees to what is chosen without asking anybody. */
  atOnce: boolean
}

/** What will happen, who can agree, and the button, which names what it asks for. */
export function AskSide(props: SideProps) {
  const { preset, permanent, usualSeconds, zone, atOnce, beneficiary } = props
  const now = useNow(props.now)
  const lapsesAt = plus(props.now, props.decideWithinSeconds)
  const approvers = [...new Set(props.approverNames.flat())]
  const usual = usualSeconds === null ? null : formatDurationShort(usualSeconds)
  const length = permanent ? 'without an end' : preset ? `for ${formatDuration(preset.seconds)}` : ''
  return (
    <aside className="panel rq-side stack" aria-labelledby="will-happen">
      <h2 className="panel-title" id="will-happen">
        What will happen
      </h2>
      <WillHappen
        name={props.entitlement.name}
        application={props.application.name}
        byHand={props.application.byHand}
        steps={props.steps}
        approverNames={props.approverNames}
        atOnce={atOnce}
        holder={beneficiary ? firstName(beneficiary.name) : null}
        permanent={permanent}
        preset={preset}
        startAt={props.startAt}
        now={props.now}
        zone={zone}
      />
      {atOnce ? null : (
        <>
          <div className="rq-who">
            <Avatars names={approvers} />
            <p>
              <b className="b">
                {approvers.length} {approvers.length === 1 ? 'person' : 'people'} can approve
              </b>
              <small>
                {usual
                  ? `The usual answer takes ${usual}.`
                  : 'No answers yet, so we cannot say how long one takes.'}{' '}
                Without one it lapses {formatClock(lapsesAt, zone, now)}.
              </small>
            </p>
          </div>
          <AskClocks {...props} now={now} />
        </>
      )}
      <div className="acts acts-fixed">
        <p className="acts-line">
          <span>
            {permanent
              ? 'Permanent, no end'
              : preset
                ? `${formatDuration(preset.seconds)}, told ${formatDuration(preset.noticeSeconds)} before the end`
                : 'Choose how long'}
          </span>
          {atOnce ? <span>at once</span> : usual ? <span>answer in about {usual}</span> : null}
        </p>
        <SubmitButton size="lg" variant="primary" pending={props.pending}>
          {length ? `Request ${length}` : 'Request access'}
        </SubmitButton>
      </div>
    </aside>
  )
}
