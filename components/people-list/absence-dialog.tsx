'use client'

import type { Route } from 'next'
import { type ReactElement, useEffect, useRef, useState } from 'react'
import { ConfirmDialog, type ConfirmDialogProps, type Consequence } from '@/components/ui/confirm-dialog'
import { Icon } from '@/components/ui/icon'
import { Callout, Skeleton } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { absenceLines, type Leaving } from '@/lib/absence-words'
import type { AbsenceEffect } from '@/lib/people-views'

/** Asks what it would mean, as it stands now. Null for whoever may not do it. */
export type PreviewAbsence = (absence: {
  personId?: string
  groupId?: string
}) => Promise<AbsenceEffect | null>

type Shown = {
  leaving: Leaving
  absence: { personId?: string; groupId?: string }
  preview: PreviewAbsence
}

type Props = Shown & {
  title: string
  /** What is so in any case, above what the preview says. */
  always: readonly Consequence[]
  confirmLabel: string
  keepLabel: string
  /** Asks for a typed reason. */
  reason?: ConfirmDialogProps['reason']
  onConfirm: (reason: string) => Promise<string | null>
  trigger?: ReactElement
  open?: boolean
  onOpenChange?: (open: boolean) => void
}

/** Asks once more before somebody, or a group, is gone. What follows is read when it opens, and shown before it is done. */
export function AbsenceDialog({ leaving, absence, preview, always, onConfirm, ...rest }: Props) {
  const [seen, setSeen] = useState(false)
  return (
    <ConfirmDialog
      {...rest}
      consequences={always}
      onConfirm={async (typed) =>
        seen
          ? onConfirm(typed)
          : 'What this means is not shown yet. Wait a moment, or close this and open it again'
      }
    >
      <Preview {...{ leaving, absence, preview }} onSeen={setSeen} />
    </ConfirmDialog>
  )
}

/** Mounted when the dialog opens, so that it always says how things stand then. */
function Preview({ leaving, absence, preview, onSeen }: Shown & { onSeen: (seen: boolean) => void }) {
  const [answer, setAnswer] = useState<AbsenceEffect | 'asking' | 'failed'>('asking')
  const ask = useRef(async () => {
    const effect = await preview(absence).catch(() => null)
    setAnswer(effect ?? 'failed')
    onSeen(effect !== null)
  })
  useEffect(() => {
    onSeen(false)
    void ask.current()
  }, [onSeen])

  return (
    <div role="status" className="absence">
      {answer === 'asking' ? (
        <p className="absence-asking">
          <span className="sr">Looking at what this means</span>
          <Skeleton height={14} width="88%" />
          <Skeleton height={14} width="62%" />
        </p>
      ) : answer === 'failed' ? (
        <Callout tone="warn">What this means could not be read. Close this, reload, and try again.</Callout>
      ) : (
        <>
          <ul className="dialog-list">
            {absenceLines(answer, leaving).map(({ icon, tone, text }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a fixed list of sentences, never reordered.
              <li key={index}>
                <Icon name={icon} className={tone ? `c-${tone}` : 'ink2'} />
                <span>{text}</span>
              </li>
            ))}
          </ul>
          {answer.stuck.length > 0 ? <Stuck rows={answer.stuck} /> : null}
        </>
      )}
    </div>
  )
}

function Stuck({ rows }: { rows: AbsenceEffect['stuck'] }) {
  return (
    <ul className="p-affected" aria-label="Requests left with too few who could agree">
      {rows.map((row) => (
        <li key={row.id}>
          <Link className="b" href={`/requests/${row.id}` as Route}>
            {row.person}: {row.entitlement} on {row.application}
          </Link>
          <small>{row.lapses ? 'lapses at once' : 'goes to the owners, or the admins'}</small>
        </li>
      ))}
    </ul>
  )
}
