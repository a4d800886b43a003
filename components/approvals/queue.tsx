'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { type FormEvent, type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { DecideAction } from '@/components/decide/decide-form'
import { useSendForm } from '@/components/request/use-form'
import { Checkbox } from '@/components/ui/choice'
import { Kbd } from '@/components/ui/labels'
import { useToast } from '@/components/ui/toast'
import type { ToDecide } from '@/lib/views'
import { BulkDecide, type DecideManyAction } from './bulk-decide'
import { useQueueKeys } from './queue-keys'
import { QueuePanel } from './queue-panel'
import { QueueRow } from './queue-row'

type QueueProps = {
  items: readonly ToDecide[]
  total: number
  /** Title and tabs. */
  head: ReactNode
  now: Date
  zone: string
  decide: DecideAction
  decideMany: DecideManyAction
}

/** Wide enough for the panel beside the list; below, a row opens the request's page. */
const WIDE = '(min-width: 1101px)'

/** My queue, the soonest to lapse first: walk it, decide one, or several at once. */
export function Queue({ items, total, head, now, zone, decide, decideMany }: QueueProps) {
  const router = useRouter()
  const toast = useToast()
  const form = useSendForm(decide, { seconds: 'ap-length', note: 'ap-note' })
  const [at, setAt] = useState({ id: items[0]?.id ?? null, index: 0 })
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [bulk, setBulk] = useState<'approve' | 'deny' | null>(null)
  const sent = useRef<ToDecide | null>(null)

  // When the focused one was decided, its neighbour takes its place.
  const focused = items.find((i) => i.id === at.id) ?? items[Math.min(at.index, items.length - 1)]
  const selected = items.filter((i) => picked.has(i.id))
  const selectable = items.filter((i) => i.entitlement.risk !== 'high')

  const { at: answeredAt, status, result } = form.state
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per answer, which its number tells apart.
  useEffect(() => {
    const request = sent.current
    if (status !== 'done' || !request) return
    toast({ title: doneWords(request, result?.state) })
    sent.current = null
  }, [answeredAt])

  function focus(index: number) {
    const item = items[Math.max(0, Math.min(items.length - 1, index))]
    if (!item) return
    setAt({ id: item.id, index: items.indexOf(item) })
    document.getElementById(`q-${item.id}`)?.focus()
  }
  function toggle(item: ToDecide | undefined) {
    if (!item || item.entitlement.risk === 'high') return
    setPicked((before) => {
      const after = new Set(before)
      if (!after.delete(item.id)) after.add(item.id)
      return after
    })
  }
  const index = focused ? items.indexOf(focused) : 0
  useQueueKeys(bulk === null, {
    move: (by) => focus(index + by),
    select: () => toggle(focused),
    press: (verdict) => document.getElementById(verdict === 'approve' ? 'ap-approve' : 'ap-deny')?.click(),
    note: () => document.getElementById('ap-note')?.focus(),
    open: () => focused && router.push(`/requests/${focused.id}` as Route),
    clear: () => setPicked(new Set()),
  })

  function open(event: MouseEvent, item: ToDecide) {
    const plain = !event.metaKey && !event.ctrlKey && !event.shiftKey && event.button === 0
    if (!plain || !window.matchMedia(WIDE).matches) return
    event.preventDefault()
    setAt({ id: item.id, index: items.indexOf(item) })
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    sent.current = focused ?? null
    form.props.onSubmit(event)
  }

  const mine = focused && form.was('requestId') === focused.id && form.state.status !== 'done'
  return (
    <div className="ap">
      <section className="ap-list" aria-label="Requests to decide">
        {head}
        <div className="ap-sub">
          <Checkbox
            aria-label="Select all that can be decided together"
            checked={selectable.length > 0 && selected.length === selectable.length}
            indeterminate={selected.length > 0 && selected.length < selectable.length}
            disabled={selectable.length === 0}
            onChange={() =>
              setPicked(new Set(selected.length === selectable.length ? [] : selectable.map((i) => i.id)))
            }
          />
          <span className="num">
            {selected.length > 0 ? `${selected.length} of ${total} selected` : `${total} to decide`}
          </span>
          <span className="grow" />
          <span>{total > items.length ? `the first ${items.length}, lapsing first` : 'Lapsing first'}</span>
        </div>
        <ul className="ap-rows">
          {items.map((item) => (
            <QueueRow
              key={item.id}
              request={item}
              focused={item === focused}
              selected={picked.has(item.id)}
              onSelect={() => toggle(item)}
              onOpen={(event) => open(event, item)}
              now={now}
              zone={zone}
            />
          ))}
        </ul>
        {selected.length > 0 ? (
          <BulkDecide
            requests={selected}
            verdict={bulk}
            onVerdict={setBulk}
            onClear={() => setPicked(new Set())}
            decideMany={decideMany}
            now={now}
            zone={zone}
          />
        ) : null}
        <p className="ap-keys">
          <span>
            <Kbd>J</Kbd>
            <Kbd>K</Kbd> move
          </span>
          <span>
            <Kbd>X</Kbd> select
          </span>
          <span>
            <Kbd>A</Kbd> approve
          </span>
          <span>
            <Kbd>D</Kbd> deny
          </span>
          <span>
            <Kbd>↵</Kbd> open
          </span>
        </p>
      </section>
      {focused ? (
        <QueuePanel
          key={focused.id}
          request={focused}
          now={now}
          zone={zone}
          form={{
            action: form.props.action,
            onSubmit: submit,
            pending: form.pending,
            pressed: form.pressed,
            problem: mine ? (form.state.message ?? null) : null,
            noteProblem: Boolean(mine && form.error('note')),
          }}
        />
      ) : null}
    </div>
  )
}

function doneWords({ person, entitlement }: ToDecide, state: string | undefined): string {
  if (state === 'approved') return `Approved: ${entitlement.name} for ${person.name}`
  if (state === 'denied') return `Denied: ${entitlement.name} for ${person.name}`
  return `Your yes to ${entitlement.name} for ${person.name} counts; more have to agree`
}
