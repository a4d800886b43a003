'use client'

import clsx from 'clsx'
import { useRef, useState, useTransition } from 'react'
import { useQueueKeys } from '@/components/approvals/queue-keys'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/choice'
import { Field } from '@/components/ui/field'
import { Icon } from '@/components/ui/icon'
import { Input, Textarea } from '@/components/ui/input'
import { Badge, EmptyState, Kbd } from '@/components/ui/labels'
import { useToast } from '@/components/ui/toast'
import type { AccessReviewPage, LinesDecided, LineView } from '@/lib/access-review-views'
import { type SendForm, sent } from '@/lib/forms/state'
import { LinesNews, type News } from './lines-news'
import { RemoveLines } from './remove-lines'
import { LineBadge, LineWhat, Said, whoOf } from './review-parts'

type Props = {
  page: AccessReviewPage
  decide: SendForm<LinesDecided>
  now: Date
  zone: string
}

/** So many go out in one form; more are sent one form after the other. */
const AT_ONCE = 100
/** From so many on they can be searched. */
const MANY = 12
/** Still to be decided by the reader. */
const isOpen = (line: LineView) => line.mine && (line.status === 'open' || line.status === 'missed')
const heldForGood = (lines: readonly LineView[]) => lines.filter(({ kind }) => kind === 'standing').length
const atMost = (most: number) => `At most ${most} that are held for good go at once`
/** What a line is found by. */
const wordsOf = ({ person, account, entitlement }: LineView) =>
  [person?.name, person?.team, account, entitlement.name].filter(Boolean).join(' ').toLowerCase()

/** The reader's lines: walk them, keep or remove one or many, with one reason that stays until it is changed. */
export function ReviewLines({ page, decide, now, zone }: Props) {
  const toast = useToast()
  const [reason, setReason] = useState('')
  const [missing, setMissing] = useState(false)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const [at, setAt] = useState(0)
  const [search, setSearch] = useState('')
  const [removing, setRemoving] = useState<readonly LineView[] | null>(null)
  const [news, setNews] = useState<News | null>(null)
  const [pending, start] = useTransition()
  const field = useRef<HTMLTextAreaElement>(null)

  const left = page.lines.filter(isOpen).length
  /** Not once it is over, nor where others took what was left. */
  const some = page.lines.some((line) => line.mine)
  const text = search.trim().toLowerCase()
  const found = page.lines.filter((line) => wordsOf(line).includes(text))
  const open = found.filter(isOpen)
  const lines = [...open, ...found.filter((line) => !isOpen(line))]
  // What a search hides is not meant by what is done to the selected ones.
  const selected = lines.filter((line) => line.mine && picked.has(line.id))
  const tooMany = heldForGood(selected) > page.mostRemoved
  const focused = lines[Math.min(at, lines.length - 1)]

  function focus(index: number) {
    const to = Math.max(0, Math.min(lines.length - 1, index))
    setAt(to)
    document.getElementById(`q-${lines[to]?.id}`)?.focus()
  }
  function toggle(line: LineView | undefined) {
    if (!line?.mine) return
    const next = new Set(picked)
    if (!next.delete(line.id)) next.add(line.id)
    setPicked(next)
  }
  /** Whatever is selected, else the one at hand. */
  const meant = () => (selected.length > 0 ? selected : focused?.mine ? [focused] : [])

  function keep(those: readonly LineView[]) {
    if (those.length === 0 || pending) return
    if (!reason.trim()) {
      setMissing(true)
      field.current?.focus()
      return
    }
    start(async () => {
      await send(those, 'keep', reason, '')
    })
  }

  function remove(those: readonly LineView[]) {
    if (those.length === 0 || pending) return
    const standing = heldForGood(those)
    if (standing > page.mostRemoved)
      toast({ title: atMost(page.mostRemoved), description: `You chose ${standing}.`, tone: 'bad' })
    else setRemoving(those)
  }

  /** Sends a decision; what was refused is named line by line. Answers what is wrong with the whole of it. */
  async function send(
    those: readonly LineView[],
    decision: 'keep' | 'remove',
    why: string,
    confirm: string,
  ): Promise<string | null> {
    let decided = 0
    const refused: News['refused'][number][] = []
    for (let i = 0; i < those.length; i += AT_ONCE) {
      const form = new FormData()
      for (const { id, version } of those.slice(i, i + AT_ONCE)) form.append('picked', `${id}:${version}`)
      form.set('decision', decision)
      form.set('reason', why)
      form.set('confirm', confirm)
      const answer = await sent(decide, form)
      if (answer.status !== 'done' || !answer.result) {
        const problem = answer.message ?? 'That did not work. Try again'
        if (decision === 'remove') return problem
        setNews({ decided, refused, problem })
        return problem
      }
      decided += answer.result.decided
      for (const { lineId, message } of answer.result.refused) {
        const line = those.find(({ id }) => id === lineId)
        refused.push({
          lineId,
          what: line ? `${whoOf(line)}, ${line.entitlement.name}` : 'One line',
          why: message,
        })
      }
    }
    const what = decision === 'keep' ? 'kept' : 'being removed'
    if (decided > 0) toast({ title: `${decided === 1 ? '1 access' : `${decided} accesses`} ${what}` })
    setNews(refused.length > 0 ? { decided, refused, problem: null } : null)
    setPicked(new Set())
    return null
  }

  useQueueKeys(removing === null, {
    move: (by) => focus(at + by),
    select: () => toggle(focused),
    press: (verdict) => (verdict === 'approve' ? keep(meant()) : remove(meant())),
    note: () => remove(meant()),
    open: () => {},
    clear: () => setPicked(new Set()),
  })

  if (page.lines.length === 0)
    return (
      <EmptyState icon="circle-check" title="Nothing of it is yours">
        Others decide on what is left.
      </EmptyState>
    )
  const all = open.length > 0 && open.every((line) => picked.has(line.id))
  return (
    <div className="ar-work">
      <LinesNews news={news} onClose={() => setNews(null)} />
      {left > 0 ? (
        <section className="card card-pad ar-reason" aria-label="Reason">
          <Field
            label="Reason for what you keep"
            id="ar-reason"
            required
            hint="Stays here for the next ones until you change it. For a removal you are asked."
            error={missing && !reason.trim() ? 'Say why; it stays with the record' : null}
          >
            <Textarea
              ref={field}
              rows={1}
              maxLength={2_000}
              value={reason}
              placeholder="Still in the team and uses it"
              onChange={(event) => setReason(event.target.value)}
            />
          </Field>
        </section>
      ) : null}
      <section className="card overflow-hidden" aria-labelledby="ar-mine">
        <div className="card-head flex-wrap">
          {open.length > 0 ? (
            <Checkbox
              aria-label={
                text ? 'Select everything found that is not decided' : 'Select everything that is not decided'
              }
              checked={all}
              indeterminate={!all && selected.length > 0}
              onChange={() => setPicked(new Set(all ? [] : open.map(({ id }) => id)))}
            />
          ) : null}
          <h2 className="card-title" id="ar-mine">
            {left > 0 ? `${left} left` : some ? 'All decided' : 'Decided by you'}
          </h2>
          <span className="grow" />
          {page.lines.length > MANY ? (
            <Input
              icon="search"
              type="search"
              frameClassName="max-w-56"
              aria-label="Find a person or an entitlement"
              placeholder="Person or entitlement"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          ) : null}
          {some ? (
            <span className="hint ar-keys" aria-hidden="true">
              <Kbd>J</Kbd> <Kbd>K</Kbd> move <Kbd>X</Kbd> select <Kbd>A</Kbd> keep <Kbd>D</Kbd> remove
            </span>
          ) : null}
        </div>
        {lines.length === 0 ? <p className="hint card-pad">Nothing of yours is called that.</p> : null}
        <ul className="ar-rows">
          {lines.map((line, index) => (
            <li
              key={line.id}
              className={clsx('ar-row', picked.has(line.id) && 'sel', line === focused && 'foc')}
            >
              {some ? (
                <Checkbox
                  id={`q-${line.id}`}
                  aria-label={`Select ${whoOf(line)}, ${line.entitlement.name}`}
                  checked={picked.has(line.id)}
                  disabled={!line.mine}
                  onFocus={() => setAt(index)}
                  onChange={() => toggle(line)}
                />
              ) : null}
              <Avatar name={whoOf(line)} size={32} />
              <div className="grow min-w-0">
                <p className="ar-who">
                  <b className="b">{whoOf(line)}</b>
                  {line.person?.team ? <span className="ink2">{line.person.team}</span> : null}
                  {line.entitlement.risk === 'high' ? (
                    <Badge tone="warn" icon="flag">
                      High risk
                    </Badge>
                  ) : null}
                  {line.status === 'open' ? null : <LineBadge status={line.status} />}
                </p>
                <p className="ink2">
                  <LineWhat line={line} now={now} zone={zone} />
                </p>
                {isOpen(line) ? null : (
                  <p className="ink2">
                    <Said line={line} page={page} now={now} zone={zone} />
                  </p>
                )}
              </div>
              {line.mine ? (
                <div className="ar-acts">
                  {isOpen(line) ? (
                    <Button
                      icon="check"
                      disabled={pending}
                      aria-label={`Keep ${whoOf(line)}, ${line.entitlement.name}`}
                      onClick={() => keep([line])}
                    >
                      Keep
                    </Button>
                  ) : null}
                  <Button
                    icon="undo"
                    disabled={pending}
                    aria-label={`Remove ${whoOf(line)}, ${line.entitlement.name}`}
                    onClick={() => remove([line])}
                  >
                    Remove…
                  </Button>
                </div>
              ) : null}
            </li>
          ))}
        </ul>
      </section>
      {selected.length > 0 ? (
        <div className="ar-bulk">
          <div className="bulkbar" role="toolbar" aria-label="Selected lines">
            <span role="status">
              <b className="b">{selected.length} selected</b>
            </span>
            <span className="sep" />
            <button type="button" className="go" disabled={pending} onClick={() => keep(selected)}>
              <Icon name="check" size={14} />
              Keep {selected.length}
            </button>
            <button
              type="button"
              disabled={pending || tooMany}
              title={tooMany ? atMost(page.mostRemoved) : undefined}
              onClick={() => remove(selected)}
            >
              <Icon name="undo" size={14} />
              {tooMany ? `Remove (at most ${page.mostRemoved} held for good)` : `Remove ${selected.length}…`}
            </button>
            <span className="sep" />
            <button type="button" aria-label="Clear selection" onClick={() => setPicked(new Set())}>
              Clear
            </button>
          </div>
        </div>
      ) : null}
      <RemoveLines
        lines={removing && removing.length > 0 ? removing : null}
        page={page}
        onClose={() => setRemoving(null)}
        onRemove={(why, confirm) => send(removing ?? [], 'remove', why, confirm)}
      />
    </div>
  )
}
