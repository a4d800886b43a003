'use client'

import { useTransition } from 'react'
import { formOf, problemOf } from '@/components/grants/acts'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import { type SendForm, sent } from '@/lib/forms/state'
import type { OverdueItem } from '@/lib/overdue-views'

/** The server actions of the page, handed in by it. */
export interface OverdueActions {
  readonly retry: SendForm<{ grantId: string }>
  readonly attest: SendForm<{ grantId: string; ended: boolean }>
  readonly confirm: SendForm<{ grantId: string; ended: boolean }>
}

interface Props {
  readonly item: OverdueItem
  readonly acts: OverdueActions
}

/** What one can do about it: have it tried at once, or state that it is gone. */
export function OverdueActs({ item, acts }: Props) {
  const { retry, attest } = item.may
  if (!retry && !attest) return null
  return (
    <div className="o-acts">
      {retry ? <Retry item={item} act={acts.retry} /> : null}
      {attest ? (
        <Attest
          item={item}
          as={attest.as}
          why={attest.why}
          act={attest.as === 'first' ? acts.attest : acts.confirm}
        />
      ) : null}
      {attest?.why ? <span className="hint">{attest.why}.</span> : null}
    </div>
  )
}

function Retry({ item, act }: { item: OverdueItem; act: OverdueActions['retry'] }) {
  const toast = useToast()
  const [pending, start] = useTransition()
  return (
    <Button
      variant="primary"
      icon="refresh"
      pending={pending}
      aria-label={`Retry now: ${item.row.entitlement.name} of ${item.row.person.name}`}
      onClick={() =>
        start(async () => {
          const wrong = problemOf(await sent(act, formOf({ grantId: item.row.id })))
          if (wrong) toast({ title: 'Not tried', description: `${wrong}.`, tone: 'bad' })
          else
            toast({
              title: 'It is tried now',
              description: `It leaves this page once ${item.row.application.name} is seen without it.`,
            })
        })
      }
    >
      Retry now
    </Button>
  )
}

type AttestProps = {
  item: OverdueItem
  as: 'first' | 'second'
  why: string | null
  act: OverdueActions['attest']
}

function Attest({ item: { row }, as, why, act }: AttestProps) {
  const toast = useToast()
  const label = as === 'first' ? 'Attest that it is gone…' : 'Confirm that it is gone…'
  const what = `${row.person.name}’s ${row.entitlement.name}`
  if (why)
    return (
      <Button icon="users" reason={`${why}.`}>
        {label}
      </Button>
    )
  return (
    <ConfirmDialog
      title={as === 'first' ? `State that ${what} is gone?` : `Confirm that ${what} is gone?`}
      consequences={
        as === 'first'
          ? [
              {
                icon: 'users',
                text: 'A second person has to confirm it; until then we go on taking it back.',
              },
              { icon: 'history', text: 'Your name and reason stay in the timeline.' },
            ]
          : [
              {
                icon: 'triangle-alert',
                tone: 'warn',
                text: 'The access counts as ended on the word of two people, not as verified.',
              },
              {
                icon: 'eye',
                text: `We look every hour until ${row.application.name} is seen without it. Found again, it is taken back.`,
              },
              { icon: 'history', text: 'Your name and reason stay in the timeline.' },
            ]
      }
      confirmLabel={as === 'first' ? 'State that it is gone' : 'Confirm that it is gone'}
      confirmIcon="users"
      keepLabel="Leave it overdue"
      tone="primary"
      reason={{ label: 'How you know', required: true, maxLength: 2_000 }}
      trigger={<Button icon="users">{label}</Button>}
      onConfirm={async (reason) => {
        const wrong = problemOf(await sent(act, formOf({ grantId: row.id, reason })))
        if (wrong) return wrong
        toast({
          title: as === 'first' ? 'Stated; a second person confirms it' : `${what} ended, attested`,
          description: as === 'first' ? 'We go on taking it back.' : 'Not verified: we look every hour.',
        })
        return null
      }}
    />
  )
}
