'use client'

import { endWords } from '@/components/decide/decide-form'
import { useNow } from '@/components/lease/lease-clock'
import { EntitlementName } from '@/components/request/entitlement-name'
import { moreWords } from '@/components/request/request-rows'
import { Avatar } from '@/components/ui/avatar'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Icon } from '@/components/ui/icon'
import { Kbd } from '@/components/ui/labels'
import { useToast } from '@/components/ui/toast'
import { numberWord } from '@/lib/asking-words'
import type { Verdict } from '@/lib/domain/request'
import { formatClock, formatDuration } from '@/lib/format'
import { type SendForm, sent } from '@/lib/forms/state'
import type { ToDecide } from '@/lib/views'
import type { BulkResult } from './bulk-news'

export type DecideManyAction = SendForm<{
  readonly decided: number
  readonly refused: readonly { readonly requestId: string; readonly message: string }[]
}>

type BulkProps = {
  requests: readonly ToDecide[]
  /** Which question is open. */
  verdict: Verdict | null
  onVerdict: (verdict: Verdict | null) => void
  onClear: () => void
  /** They are being sent now. */
  onSend: (ids: readonly string[]) => void
  /** Of those, these were refused. */
  onRefused: (ids: readonly string[]) => void
  onResult: (result: BulkResult) => void
  decideMany: DecideManyAction
  now: Date
  zone: string
}

/** The same answer for several: asked once more, with every name, access and end. */
export function BulkDecide(props: BulkProps) {
  const { requests, verdict, onVerdict, onClear } = props
  const toast = useToast()
  const now = useNow(props.now)
  const n = requests.length
  const word = numberWord(n)
  const approve = verdict !== 'deny'

  async function run(note: string): Promise<string | undefined> {
    const form = new FormData()
    for (const r of requests) form.append('picked', `${r.id}:${r.version}`)
    form.set('verdict', verdict ?? 'approve')
    form.set('note', note)
    props.onSend(requests.map((r) => r.id))
    const answer = await sent(props.decideMany, form)
    if (answer.status !== 'done' || !answer.result) {
      props.onRefused(requests.map((r) => r.id))
      return answer.message ?? 'That did not work. Try again'
    }
    const { decided, refused } = answer.result
    const done = approve ? 'approved' : 'denied'
    if (decided > 0) toast({ title: `${decided} ${decided === 1 ? 'request' : 'requests'} ${done}` })
    props.onRefused(refused.map((r) => r.requestId))
    props.onResult({
      decided,
      done,
      refused: refused.map(({ requestId, message }) => {
        const request = requests.find((r) => r.id === requestId)
        return {
          requestId,
          what: request ? `${request.person.name}, ${request.entitlement.name}` : 'One request',
          why: message,
        }
      }),
    })
    onClear()
    return undefined
  }

  return (
    <div className="ap-bulk">
      <div className="bulkbar" role="toolbar" aria-label="Selected requests">
        <span role="status">
          <b className="b">{n} selected</b>
        </span>
        <span className="sep" />
        <button type="button" className="go" onClick={() => onVerdict('approve')}>
          <Icon name="check" size={14} />
          Approve {n}…
        </button>
        <button type="button" onClick={() => onVerdict('deny')}>
          <Icon name="x" size={14} />
          Deny {n}…
        </button>
        <span className="sep" />
        <button type="button" aria-label="Clear selection" onClick={onClear}>
          Clear<Kbd>Esc</Kbd>
        </button>
      </div>
      <p className="quiet">You see every name once more before it counts. High risk is decided one by one.</p>
      <ConfirmDialog
        open={verdict !== null}
        onOpenChange={(open) => onVerdict(open ? verdict : null)}
        title={`${approve ? 'Approve' : 'Deny'} ${n === 1 ? 'this one' : `these ${n}`}?`}
        consequences={[
          approve
            ? { icon: 'check', tone: 'ok', text: 'Each takes effect within seconds and ends by itself.' }
            : { icon: 'circle-x', text: 'Each of them ends here. They can ask again.' },
          { icon: 'mail', text: 'Each of them is told, with your note.' },
        ]}
        confirmLabel={`${approve ? 'Approve' : 'Deny'} ${n === 1 ? 'it' : n === 2 ? 'both' : `all ${n}`}`}
        confirmIcon={approve ? 'check' : 'x'}
        keepLabel="Leave undecided"
        tone={approve ? 'primary' : 'danger'}
        reason={{
          label: n === 1 ? 'Note' : n === 2 ? 'Note to both' : `Note to all ${word}`,
          hint: approve ? 'If you like.' : 'Needed: they want to know what to change.',
          required: !approve,
        }}
        onConfirm={run}
      >
        <ul className="cf-list">
          {requests.map((r) => (
            <li className="cf" key={r.id}>
              <Avatar name={r.person.name} size={32} />
              <span className="grow">
                <b className="bb">{r.person.name}</b> {approve ? 'gets' : 'does not get'} <What request={r} />{' '}
                on {r.application.name}
                {approve ? <small>{untilWords(r, now, props.zone)}</small> : null}
              </span>
            </li>
          ))}
        </ul>
      </ConfirmDialog>
    </div>
  )
}

function What({ request: { kind, seconds, entitlement } }: { request: ToDecide }) {
  return (
    <>
      {kind === 'extension' && seconds !== null ? `${moreWords(seconds)} of ` : null}
      <EntitlementName name={entitlement.name} />
    </>
  )
}

function untilWords(r: ToDecide, now: Date, zone: string): string {
  if (r.seconds === null) return 'permanent, no end'
  const until = endWords(r, r.seconds, now, zone)
  const before = r.grant?.times.endsAt
  if (r.kind === 'extension' && before) return `ends ${until} instead of ${formatClock(before, zone, now)}`
  return `${formatDuration(r.seconds)}, until about ${until}`
}
