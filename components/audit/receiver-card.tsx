'use client'

import { useRouter } from 'next/navigation'
import { useEffect } from 'react'
import { formOf, problemOf } from '@/components/grants/acts'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Badge, Callout } from '@/components/ui/labels'
import { useToast } from '@/components/ui/toast'
import { formatClock, formatRelative } from '@/lib/format'
import { type SendForm, sent } from '@/lib/forms/state'
import { formatLabels, type ReceiverView } from '@/lib/receiver-views'
import { EditReceiver, ReplayReceiver } from './receiver-forms'

export interface ReceiverActs {
  readonly edit: SendForm<{ version: number }>
  readonly pause: SendForm<{ paused: boolean }>
  readonly replay: SendForm<{ from: number }>
  readonly remove: SendForm<null>
}

export interface ReceiverCardProps {
  readonly receiver: ReceiverView
  /** The chain's newest position. */
  readonly last: number
  /** `now` for what happened here, `wall` for what the outside answered. */
  readonly look: { readonly now: Date; readonly wall: Date; readonly zone: string }
  /** Null for who only looks. */
  readonly acts: ReceiverActs | null
}

const AGAIN_MS = 5_000

/** One receiver: how far it is, what is wrong, and what can be done. */
export function ReceiverCard({ receiver, last, look, acts }: ReceiverCardProps) {
  const { now, wall, zone } = look
  const { host, url, position, behind, behindSince, deliveredAt, failingSince, error } = receiver
  useFollowing(behind > 0 && !receiver.paused)
  return (
    <section className="card card-pad" aria-labelledby={`receiver-${receiver.id}`}>
      <div className="row mb-3 flex-wrap">
        <h2 className="section-title grow" id={`receiver-${receiver.id}`}>
          {host}
        </h2>
        <StateBadge receiver={receiver} />
      </div>
      {failingSince && error ? (
        <div className="mb-3">
          <Callout tone="bad" role="status">
            {error} It has not been reached since {formatClock(failingSince, zone, wall)}; it is tried again
            at least every quarter of an hour.
          </Callout>
        </div>
      ) : null}
      <dl className="facts">
        <dt>Address</dt>
        <dd className="wrap-anywhere">{url}</dd>
        <dt>What it gets</dt>
        <dd>{formatLabels[receiver.format]}</dd>
        <dt>Delivered up to</dt>
        <dd className="num">
          position {position.toLocaleString('en')} of {last.toLocaleString('en')}
        </dd>
        <dt>Waiting</dt>
        <dd className="num">
          {behind === 0 ? 'nothing' : `${behind.toLocaleString('en')} ${behind === 1 ? 'entry' : 'entries'}`}
          {behindSince ? `, the oldest of ${formatClock(behindSince, zone, now)}` : ''}
        </dd>
        <dt>Last taken</dt>
        <dd className="num">
          {deliveredAt
            ? `${formatClock(deliveredAt, zone, wall)} (${formatRelative(deliveredAt, wall)})`
            : 'nothing yet'}
        </dd>
      </dl>
      {acts ? (
        <div className="mt-4 flex flex-wrap gap-2">
          <EditReceiver key={receiver.version} receiver={receiver} edit={acts.edit} />
          <ReplayReceiver receiver={receiver} last={last} replay={acts.replay} />
          <PauseButton receiver={receiver} pause={acts.pause} />
          <RemoveButton receiver={receiver} remove={acts.remove} />
        </div>
      ) : null}
    </section>
  )
}

function StateBadge({ receiver: { paused, failingSince, behind } }: { receiver: ReceiverView }) {
  if (paused)
    return (
      <Badge tone="off" icon="pause">
        Paused
      </Badge>
    )
  if (failingSince)
    return (
      <Badge tone="bad" icon="octagon-alert">
        Not reached
      </Badge>
    )
  return behind > 0 ? (
    <Badge tone="wait" icon="hourglass">
      Delivering
    </Badge>
  ) : (
    <Badge tone="ok" icon="check">
      Up to date
    </Badge>
  )
}

/** While something is on its way one wants to see it arrive. */
function useFollowing(on: boolean): void {
  const router = useRouter()
  useEffect(() => {
    if (!on) return
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') router.refresh()
    }, AGAIN_MS)
    return () => clearInterval(timer)
  }, [on, router])
}

function PauseButton({ receiver, pause }: { receiver: ReceiverView; pause: ReceiverActs['pause'] }) {
  const { host, paused } = receiver
  return (
    <Ask
      title={paused ? `Deliver to ${host} again?` : `Pause delivery to ${host}?`}
      label={paused ? 'Go on…' : 'Pause…'}
      icon={paused ? 'play' : 'pause'}
      consequences={[
        paused
          ? 'It goes on from where it stopped; nothing is left out.'
          : 'Entries wait here until it goes on. Nothing is lost.',
      ]}
      confirmLabel={paused ? 'Go on' : 'Pause now'}
      keepLabel={paused ? 'Leave it paused' : 'Go on delivering'}
      done={paused ? 'Delivery goes on' : 'Delivery is paused'}
      run={() => sent(pause, formOf({ receiverId: receiver.id, paused: paused ? 'no' : 'yes' }))}
    />
  )
}

function RemoveButton({ receiver, remove }: { receiver: ReceiverView; remove: ReceiverActs['remove'] }) {
  return (
    <Ask
      danger
      title={`Stop delivering to ${receiver.host} for good?`}
      label="Remove…"
      icon="trash"
      consequences={[
        'It gets no entry any more; what it has, it keeps.',
        'Its signing secret and its position are forgotten.',
      ]}
      confirmLabel="Remove the receiver"
      keepLabel="Keep it"
      done="Receiver removed"
      run={() => sent(remove, formOf({ receiverId: receiver.id }))}
    />
  )
}

function Ask(props: {
  title: string
  label: string
  icon: 'pause' | 'play' | 'trash'
  consequences: readonly string[]
  confirmLabel: string
  keepLabel: string
  done: string
  danger?: boolean
  run: () => Promise<{ status: string; message?: string }>
}) {
  const toast = useToast()
  const router = useRouter()
  return (
    <ConfirmDialog
      title={props.title}
      tone={props.danger ? 'danger' : 'primary'}
      trigger={
        <Button icon={props.icon} variant={props.danger ? 'danger' : 'default'}>
          {props.label}
        </Button>
      }
      consequences={props.consequences.map((text) => ({ text }))}
      confirmLabel={props.confirmLabel}
      keepLabel={props.keepLabel}
      onConfirm={async () => {
        const wrong = problemOf(await props.run())
        if (wrong) return wrong
        toast({ title: props.done })
        router.refresh()
        return null
      }}
    />
  )
}
