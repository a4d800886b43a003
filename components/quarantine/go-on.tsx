'use client'

import { formOf, problemOf } from '@/components/grants/acts'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import { type SendForm, sent } from '@/lib/forms/state'
import type { OpenQuarantine } from '@/lib/quarantine-views'

interface Props {
  readonly quarantine: OpenQuarantine
  readonly end: SendForm<{ strangers: number }>
}

const counted = (n: number, one: string, many: string) =>
  n === 1 ? one : `${n.toLocaleString('en')} ${many}`

/** What waits, and the one button that lets it go on. */
export function GoOn({ quarantine, end }: Props) {
  const { id, waits, differences, compared, clients } = quarantine
  const toast = useToast()
  const found = (kind: string) => differences.find((list) => list.kind === kind)?.total ?? 0
  const unread = compared.filter(({ at, problem }) => at === null || problem !== null)
  const unlisted = compared.filter(({ at, listed, problem }) => at !== null && !problem && !listed)
  return (
    <section className="card card-pad" aria-labelledby="go-on">
      <h2 id="go-on" className="card-title">
        What waits for you
      </h2>
      <dl className="q-waits">
        <dt>Accesses to take back</dt>
        <dd>{waits.takes.toLocaleString('en')}</dd>
        <dt>Accesses to give</dt>
        <dd>{waits.gives.toLocaleString('en')}</dd>
        <dt>Mails to send</dt>
        <dd>{waits.mails.toLocaleString('en')}</dd>
      </dl>
      <p className="hint">
        What should not be given or asked any more can be revoked or withdrawn by you before. Others can only
        look until then.
      </p>
      <ConfirmDialog
        title="Go on from this backup?"
        consequences={[
          {
            icon: 'undo',
            text: `${counted(waits.takes, 'The one access that is over is', 'accesses that are over are')} taken back first.`,
          },
          {
            icon: 'key',
            tone: waits.gives > 0 ? 'warn' : undefined,
            text: `Then ${counted(waits.gives, 'one access that was agreed is', 'accesses that were agreed are')} given, and ${counted(waits.mails, 'one mail goes', 'mails go')} out.`,
          },
          {
            icon: 'eye',
            text: `${counted(found('stranger'), 'The one holder without a lease here becomes a finding', 'holders without a lease here become findings')} for the owners.`,
          },
          ...(unread.length > 0
            ? [
                {
                  icon: 'triangle-alert',
                  tone: 'warn',
                  text: `Not compared: ${unread.map(({ application }) => application).join(', ')}.`,
                } as const,
              ]
            : []),
          ...(unlisted.length > 0
            ? [
                {
                  icon: 'triangle-alert',
                  tone: 'warn',
                  text: `Who holds something without a lease is not known of: ${unlisted.map(({ application }) => application).join(', ')}.`,
                } as const,
              ]
            : []),
          ...(clients > 0
            ? [
                {
                  icon: 'triangle-alert',
                  tone: 'warn',
                  text: 'Tokens of provisioning clients are good again, also one that was withdrawn after the backup: see Directory.',
                } as const,
              ]
            : []),
          { icon: 'history', text: 'Your name and reason stay in the audit log.' },
        ]}
        confirmLabel="Go on"
        confirmIcon="play"
        keepLabel="Keep waiting"
        reason={{ label: 'What you looked at', required: true, maxLength: 2_000 }}
        trigger={
          <Button variant="danger" icon="play" className="mt-3">
            Go on from this backup…
          </Button>
        }
        onConfirm={async (reason) => {
          const wrong = problemOf(await sent(end, formOf({ quarantineId: id, reason })))
          if (wrong) return wrong
          toast({ title: 'Leasehold goes on', description: 'What is over is taken back first.' })
          return null
        }}
      />
    </section>
  )
}
