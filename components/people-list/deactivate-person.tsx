'use client'

import { Button } from '@/components/ui/button'
import { useToast } from '@/components/ui/toast'
import type { SendForm } from '@/lib/forms/state'
import type { PersonPage } from '@/lib/people-views'
import { AbsenceDialog, type PreviewAbsence } from './absence-dialog'
import { act, wrongWith } from './send'

export type PersonActions = {
  preview: PreviewAbsence
  deactivate: SendForm<{ ending: number; lapsed: number; escalated: number; passedOn: number }>
}

type Props = { page: Pick<PersonPage, 'id' | 'name'>; refusal: string | null; self: boolean } & PersonActions

/** Deactivates a person, after saying what follows; the last admin stays, and it says so. */
export function DeactivatePerson({ page, refusal, self, preview, deactivate }: Props) {
  const toast = useToast()
  if (refusal)
    return (
      <Button icon="user-x" reason={refusal}>
        Deactivate
      </Button>
    )
  return (
    <AbsenceDialog
      title={self ? 'Deactivate yourself?' : `Deactivate ${page.name}?`}
      leaving="person"
      absence={{ personId: page.id }}
      preview={preview}
      always={[
        self
          ? {
              icon: 'log-out',
              tone: 'bad',
              text: 'This is you: you are signed out now and cannot come back in.',
            }
          : { icon: 'log-out', text: 'They are signed out now, and cannot sign in, ask or decide any more.' },
      ]}
      confirmLabel={self ? 'Deactivate yourself' : `Deactivate ${page.name}`}
      keepLabel={self ? 'Stay active' : 'Keep them active'}
      reason={{ label: 'Reason', required: true, hint: 'It stays in the timeline.' }}
      onConfirm={async (reason) => {
        const state = await act(deactivate, { personId: page.id, reason })
        const wrong = wrongWith(state)
        if (wrong) return wrong
        const ending = state.result?.ending ?? 0
        toast({
          title: `${page.name} deactivated`,
          description:
            ending === 0
              ? undefined
              : `${ending === 1 ? '1 access is' : `${ending} accesses are`} ending now.`,
        })
        return null
      }}
      trigger={
        <Button variant="danger" icon="user-x">
          Deactivate
        </Button>
      }
    />
  )
}
