'use client'

import { Fragment } from 'react'
import { LeaseBar } from '@/components/lease/lease-bar'
import { useNow } from '@/components/lease/lease-clock'
import { ScaleMarks } from '@/components/lease/scale-marks'
import { agreeSentence } from '@/lib/asking-words'
import { plus } from '@/lib/domain/duration'
import type { ApprovalStep } from '@/lib/domain/policy'
import { formatClock, formatDuration, formatDurationShort } from '@/lib/format'
import { EntitlementName } from './entitlement-name'

export type WillHappenProps = {
  name: string
  application: string
  byHand: boolean
  steps: readonly ApprovalStep[]
  approverNames: readonly (readonly string[])[]
  /** The access policy agrees without asking anybody. */
  atOnce: boolean
  /** Who gets it, where that is somebody else. */
  holder: string | null
  permanent: boolean
  /** What is chosen now; null until something is. */
  preset: { seconds: number; noticeSeconds: number } | null
  startAt: Date | null
  now: Date
  zone: string
}

/** The plain sentence of what will happen, and the lease it leads to. Changes with every choice. */
export function WillHappen(props: WillHappenProps) {
  const { name, preset, startAt, permanent, application, byHand, zone, atOnce, holder } = props
  const gets = holder ? `${holder} gets` : 'you get'
  const told = holder ? 'we mail them' : 'we mail you'
  const now = useNow(props.now)
  const starts = startAt ? ` from ${formatClock(startAt, zone, now)}` : ''
  return (
    <>
      <p className="rq-say" aria-live="polite">
        {atOnce ? (
          <>
            The access policy agrees <b>at once</b>: {gets}{' '}
          </>
        ) : (
          <>
            If <Agreement steps={props.steps} names={props.approverNames} />, {gets}{' '}
          </>
        )}
        <b className="nowrap">
          <EntitlementName name={name} />
        </b>{' '}
        {permanent ? (
          <>
            <b>without an end</b>
            {starts}. It stays until somebody takes it away.
          </>
        ) : preset ? (
          <>
            for <b>{formatDuration(preset.seconds)}</b>
            {starts}. It ends by itself, and {told}{' '}
            <b className="nowrap">{formatDuration(preset.noticeSeconds)} before</b>.
          </>
        ) : (
          <>
            for the time you choose{starts}. It ends by itself, and {told} before.
          </>
        )}
      </p>
      {preset && !permanent ? (
        <div>
          <LeaseBar
            state="scheduled"
            size="large"
            start={startAt ?? now}
            notice={plus(startAt ?? now, preset.seconds - preset.noticeSeconds)}
            end={plus(startAt ?? now, preset.seconds)}
            now={now}
            label={`Starts once it is seen on ${application}, notice after ${formatDuration(preset.seconds - preset.noticeSeconds)}, ends after ${formatDuration(preset.seconds)}`}
          />
          <Scale preset={preset} startAt={startAt} now={now} zone={zone} />
          <p className="quiet mt-1.5">
            The time counts from the moment{' '}
            {byHand ? `somebody gave it on ${application}` : `${application} shows it`}.{' '}
            {startAt ? 'Given then' : 'Agreed now'}, that is until about{' '}
            {formatClock(plus(startAt ?? now, preset.seconds), zone, now)}.
          </p>
        </div>
      ) : null}
    </>
  )
}

function Agreement({
  steps,
  names,
}: {
  steps: readonly ApprovalStep[]
  names: readonly (readonly string[])[]
}) {
  return agreeSentence(steps, names).map(({ who, verb }, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: steps are their order.
    <Fragment key={i}>
      {i > 0 ? ', and then ' : null}
      <b>{who}</b> {verb}
    </Fragment>
  ))
}

type ScaleProps = {
  preset: { seconds: number; noticeSeconds: number }
  startAt: Date | null
  now: Date
  zone: string
}

/** Nothing is dated before it was agreed: the scale counts, it does not promise. */
function Scale({ preset, startAt, now, zone }: ScaleProps) {
  const { seconds, noticeSeconds } = preset
  const told = seconds - noticeSeconds
  return (
    <ScaleMarks
      marks={[
        {
          key: 'start',
          x: 0,
          title: 'Given',
          text: startAt ? formatClock(startAt, zone, now) : 'once agreed',
          align: 'left',
        },
        {
          key: 'notice',
          x: (told / seconds) * 100,
          title: 'Notice',
          text: `${formatDurationShort(told)} in`,
          align: 'right',
        },
        { key: 'end', x: 100, title: 'End', text: formatDurationShort(seconds), align: 'right' },
      ]}
    />
  )
}
