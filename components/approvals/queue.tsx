'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { type FormEvent, Fragment, type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import type { DecideAction } from '@/components/decide/decide-form'
import type { QuestionAction } from '@/components/decide/questions'
import { useSendForm } from '@/components/request/use-form'
import { Checkbox } from '@/components/ui/choice'
import { Kbd } from '@/components/ui/labels'
import { useToast } from '@/components/ui/toast'
import type { ToDecide } from '@/lib/views'
import { AskHeading } from './ask-heading'
import { BulkDecide, type DecideManyAction } from './bulk-decide'
import { BulkNews, type BulkResult } from './bulk-news'
import { useQueueKeys } from './queue-keys'
import { QueuePanel } from './queue-panel'
import { QueueRow } from './queue-row'
import { type BecameQuery, useHeldQueue } from './use-held-queue'

type QueueProps = {
  items: readonly ToDecide[]
  total: number
  /** Title and tabs. */
  head: ReactNode
  /** Shown where nothing waits. */
  empty: ReactNode
  me: string
  now: Date
  zone: string
  decide: DecideAction
  decideMany: DecideManyAction
  question: QuestionAction
  became: BecameQuery
}

/** Wide enough for the panel beside the list; below, a row opens the request's page. */
const WIDE = '(min-width: 1101px)'

/** My queue, the soonest to lapse first: walk it, decide one, or several at once. */
export function Queue(props: QueueProps) {
  const { items, total, head, now, zone, decide, decideMany } = props
  const router = useRouter()
  const toast = useToast()
  const form = useSendForm(decide, { seconds: 'ap-length', note: 'ap-note', startAt: 'ap-start' })
  const queue = useHeldQueue(items, props.became)
  const rows = queue.rows.map((row) => row.item)
  const isGone = (id: string) => queue.rows.some((row) => row.gone && row.item.id === id)
  const [at, setAt] = useState({ id: items[0]?.id ?? null, index: 0 })
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [bulk, setBulk] = useState<'approve' | 'deny' | null>(null)
  const [bulkResult, setBulkResult] = useState<BulkResult | null>(null)
  const sent = useRef<ToDecide | null>(null)
  // What was typed stays with its request while one looks at another.
  const drafts = useRef(new Map<string, string>())

  // When the focused one was decided, its neighbour takes its place.
  const focused = rows.find((i) => i.id === at.id) ?? rows[Math.min(at.index, rows.length - 1)]
  const selectable = rows.filter((i) => i.entitlement.risk !== 'high' && !isGone(i.id))
  const selected = selectable.filter((i) => picked.has(i.id))
  const gone = queue.rows.filter((row) => row.gone).length

  const { status, result } = form.state
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per answer.
  useEffect(() => {
    const request = sent.current
    if (!request || status === 'idle') return
    if (status !== 'done') return queue.refused([request.id])
    drafts.current.delete(request.id)
    toast({ title: doneWords(request, result?.state) })
    sent.current = null
  }, [form.state])

  function focus(index: number) {
    const item = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (!item) return
    setAt({ id: item.id, index: rows.indexOf(item) })
    document.getElementById(`q-${item.id}`)?.focus()
  }
  function toggle(item: ToDecide | undefined) {
    if (!item || !selectable.includes(item)) return
    setPicked((before) => {
      const after = new Set(before)
      if (!after.delete(item.id)) after.add(item.id)
      return after
    })
  }
  const index = focused ? rows.indexOf(focused) : 0
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
    setAt({ id: item.id, index: rows.indexOf(item) })
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    sent.current = focused ?? null
    if (focused) queue.answering([focused.id])
    form.props.onSubmit(event)
  }

  if (rows.length === 0)
    return (
      <div className="ap ap-one">
        <section className="ap-list" aria-label="Requests to decide">
          {head}
          {props.empty}
        </section>
      </div>
    )
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
          {gone > 0 || queue.unsorted ? (
            <button type="button" className="u c-accent" onClick={queue.clear}>
              {gone > 0 ? `Clear ${gone} that ${gone === 1 ? 'waits' : 'wait'} no more` : 'Sort anew'}
            </button>
          ) : (
            <span>{total > items.length ? `the first ${items.length}, lapsing first` : 'Lapsing first'}</span>
          )}
        </div>
        <p className="sr" role="status">
          {gone > 0 ? `${gone} of these ${gone === 1 ? 'does' : 'do'} not wait for you any more` : ''}
        </p>
        <BulkNews result={bulkResult} onClose={() => setBulkResult(null)} />
        <ul className="ap-rows">
          {rows.map((item, i) => (
            <Fragment key={item.id}>
              {item.askId !== rows[i - 1]?.askId ? (
                <AskHeading
                  items={runOf(rows, i)}
                  selectable={selectable}
                  picked={picked}
                  onSelect={(ids) => setPicked((before) => new Set([...before, ...ids]))}
                />
              ) : null}
              <QueueRow
                request={item}
                focused={item === focused}
                selected={picked.has(item.id)}
                gone={queue.goneWords(item.id)}
                onSelect={() => toggle(item)}
                onOpen={(event) => open(event, item)}
                now={now}
                zone={zone}
              />
            </Fragment>
          ))}
        </ul>
        {selected.length > 0 ? (
          <BulkDecide
            requests={selected}
            verdict={bulk}
            onVerdict={setBulk}
            onClear={() => setPicked(new Set())}
            onSend={queue.answering}
            onRefused={queue.refused}
            onResult={setBulkResult}
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
          gone={queue.goneWords(focused.id)}
          draft={drafts.current.get(focused.id) ?? ''}
          onDraft={(text) => drafts.current.set(focused.id, text)}
          me={props.me}
          question={props.question}
          now={now}
          zone={zone}
          form={{
            action: form.props.action,
            onSubmit: submit,
            pending: form.pending,
            pressed: form.pressed,
            problem: mine ? (form.state.message ?? null) : null,
            noteProblem: Boolean(mine && form.error('note')),
            startProblem: mine ? form.error('startAt') : null,
          }}
        />
      ) : null}
    </div>
  )
}

/** The row at `from` and those right after it that were asked in the same go. */
function runOf(rows: readonly ToDecide[], from: number): ToDecide[] {
  const end = rows.findIndex((r, i) => i > from && r.askId !== rows[from]?.askId)
  return rows.slice(from, end < 0 ? undefined : end)
}

function doneWords({ person, entitlement }: ToDecide, state: string | undefined): string {
  if (state === 'approved') return `Approved: ${entitlement.name} for ${person.name}`
  if (state === 'denied') return `Denied: ${entitlement.name} for ${person.name}`
  return `Your yes to ${entitlement.name} for ${person.name} counts; more have to agree`
}
