'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { type ComboItem, MultiCombobox } from '@/components/ui/combobox'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { useToast } from '@/components/ui/toast'
import { nameList } from '@/lib/asking-words'
import type { RequestState } from '@/lib/domain/request'
import { type SendForm, sent } from '@/lib/forms/state'

type ReassignProps = {
  requestId: string
  /** Active people who may be named. */
  people: readonly { id: string; name: string; team: string | null }[]
  /** Who decides on the open step now. */
  now: readonly string[]
  reassign: SendForm<{ state: RequestState; grantId: string | null }>
}

const MOST = 10

/** An admin names who decides on the open step instead; a reason is needed and stays in the timeline. */
export function Reassign({ requestId, people, now, reassign }: ReassignProps) {
  const toast = useToast()
  const [chosen, setChosen] = useState<ComboItem[]>([])
  const [missing, setMissing] = useState<string | null>(null)
  const items = people.map(
    ({ id, name, team }): ComboItem => ({ value: id, label: name, sub: team ?? undefined, kind: 'person' }),
  )
  async function run(reason: string): Promise<string | undefined> {
    const problem =
      chosen.length === 0
        ? 'Choose who decides instead'
        : chosen.length > MOST
          ? `At most ${MOST} people`
          : null
    setMissing(problem)
    if (problem) return 'Nothing was changed'
    const form = new FormData()
    form.set('requestId', requestId)
    for (const { value } of chosen) form.append('personIds', value)
    form.set('reason', reason)
    const answer = await sent(reassign, form)
    if (answer.status !== 'done') return answer.message ?? 'That did not work. Try again'
    toast({
      title: `${nameList(chosen.map((c) => c.label))} can decide now`,
      description: 'They have a mail.',
    })
    setChosen([])
    return undefined
  }
  return (
    <ConfirmDialog
      title="Have somebody else decide?"
      consequences={[
        {
          icon: 'users',
          text:
            now.length > 0
              ? `Only those you choose decide on this step. ${nameList(now)} cannot any more.`
              : 'Only those you choose decide on this step.',
        },
        { icon: 'mail', text: 'They get a mail, and the links in older mails decide nothing any more.' },
      ]}
      confirmLabel="Reassign"
      confirmIcon="users"
      keepLabel="Leave it with them"
      tone="primary"
      reason={{ label: 'Reason', hint: 'It stays in the timeline.', required: true }}
      onConfirm={run}
      trigger={<Button icon="users">Reassign…</Button>}
    >
      <div className="my-4">
        <Field label="Who decides instead" error={missing}>
          <MultiCombobox
            items={items}
            value={chosen}
            onValueChange={(next) => {
              setChosen(next)
              setMissing(null)
            }}
            placeholder="Find a person"
          />
        </Field>
      </div>
    </ConfirmDialog>
  )
}
