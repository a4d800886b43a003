'use client'

import { useState, useTransition } from 'react'
import { act, wrongWith } from '@/components/people-list/send'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { FieldError } from '@/components/ui/field'
import { Badge, EmptyState } from '@/components/ui/labels'
import { useToast } from '@/components/ui/toast'
import { formatClock, formatRelative } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import type { SessionsView, SessionView } from '@/lib/session-views'

export type SessionsCardProps = {
  view: SessionsView
  /** Whose they are; null for one's own. */
  name: string | null
  now: Date
  zone: string
  end: SendForm<{ ended: number }>
  endAll: SendForm<{ ended: number }>
  /** Absent where nobody may. */
  forget?: SendForm<{ forgotten: number }>
}

/** Where somebody is signed in, with the ways to end that. */
export function SessionsCard({ view, name, now, zone, end, endAll, forget }: SessionsCardProps) {
  const { sessions, personId } = view
  return (
    <section className="card" aria-labelledby="sessions">
      <div className="card-head">
        <h2 className="card-title" id="sessions">
          Signed in
        </h2>
        <span className="hint num">{sessions.length || ''}</span>
        <span className="grow" />
        {view.canEnd && sessions.length > 0 ? (
          <EndEverywhere personId={personId} name={name} count={sessions.length} endAll={endAll} />
        ) : null}
      </div>
      {sessions.length === 0 ? (
        <EmptyState title="Signed in nowhere" />
      ) : (
        <ul className="sessions">
          {sessions.map((one) => (
            <li key={one.id}>
              <Session session={one} now={now} zone={zone} />
              {view.canEnd && !one.here ? <End personId={personId} session={one} end={end} /> : null}
            </li>
          ))}
        </ul>
      )}
      {view.knownAt.length > 0 ? (
        <div className="sessions-known">
          <p className="hint">Known at {view.knownAt.join(', ')}.</p>
          {view.canForget && forget ? (
            <Forget personId={personId} name={name} knownAt={view.knownAt} forget={forget} />
          ) : null}
        </div>
      ) : null}
    </section>
  )
}

function Session({ session, now, zone }: { session: SessionView; now: Date; zone: string }) {
  return (
    <span className="cell2">
      <span className="row flex-wrap gap-2!">
        <span className="b">{session.device}</span>
        {session.here ? <Badge tone="ok">This browser</Badge> : null}
      </span>
      <small>
        Signed in {formatClock(session.signedInAt, zone, now)} {session.road}, last seen{' '}
        {session.here ? 'now' : formatRelative(session.lastSeenAt, now)}
      </small>
    </span>
  )
}

type EndProps = Pick<SessionsCardProps, 'end'> & { personId: string; session: SessionView }

function End({ personId, session, end }: EndProps) {
  const toast = useToast()
  const [problem, setProblem] = useState<string | null>(null)
  const [pending, start] = useTransition()
  return (
    <span className="sessions-end">
      <Button
        size="sm"
        pending={pending}
        aria-label={`End the session of ${session.device}`}
        onClick={() =>
          start(async () => {
            const wrong = wrongWith(await act(end, { personId, sessionId: session.id }))
            setProblem(wrong)
            if (!wrong) toast({ title: 'Session ended', description: session.device })
          })
        }
      >
        End
      </Button>
      {problem ? (
        <span role="alert">
          <FieldError>{problem}</FieldError>
        </span>
      ) : null}
    </span>
  )
}

type EndEverywhereProps = Pick<SessionsCardProps, 'endAll' | 'name'> & { personId: string; count: number }

function EndEverywhere({ personId, name, count, endAll }: EndEverywhereProps) {
  const toast = useToast()
  const all = count === 1 ? 'The one session ends' : `All ${count} sessions end`
  return (
    <ConfirmDialog
      title={name ? `Sign ${name} out everywhere?` : 'Sign out everywhere?'}
      consequences={[
        { icon: 'log-out', text: name ? `${all} now.` : `${all} now, this one too.` },
        { icon: 'mail', text: 'Sign-in links that were mailed and not used stop working.' },
        { icon: 'log-in', text: `${name ?? 'You'} can sign in again at once.` },
      ]}
      confirmLabel="Sign out everywhere"
      keepLabel="Stay signed in"
      onConfirm={async () => {
        const wrong = wrongWith(await act(endAll, { personId }))
        if (!wrong) toast({ title: name ? `${name} is signed out everywhere` : 'Signed out everywhere' })
        return wrong
      }}
      trigger={
        <Button size="sm" icon="log-out">
          Sign out everywhere
        </Button>
      }
    />
  )
}

type ForgetProps = {
  personId: string
  name: string | null
  knownAt: readonly string[]
  forget: SendForm<{ forgotten: number }>
}

function Forget({ personId, name, knownAt, forget }: ForgetProps) {
  const toast = useToast()
  const who = name ?? 'you'
  return (
    <ConfirmDialog
      title={`Forget how ${knownAt.join(' and ')} ${knownAt.length === 1 ? 'knows' : 'know'} ${who}?`}
      consequences={[
        { icon: 'user-x', text: 'The account there no longer opens this person by itself.' },
        {
          icon: 'mail',
          text: 'The next account there whose verified address is theirs is bound to them. Do this only when theirs was made anew.',
        },
      ]}
      confirmLabel="Forget it"
      keepLabel="Keep it"
      onConfirm={async () => {
        const wrong = wrongWith(await act(forget, { personId }))
        if (!wrong) toast({ title: 'Forgotten' })
        return wrong
      }}
      trigger={
        <Button size="sm" variant="ghost">
          Forget…
        </Button>
      }
    />
  )
}
