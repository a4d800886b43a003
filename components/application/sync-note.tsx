'use client'

import { useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'
import { useToast } from '@/components/ui/toast'
import type { ApplicationPage, SyncSummary } from '@/lib/application-views'
import { type SendForm, sent } from '@/lib/forms/state'
import { syncWords } from './application-acts'

type Props = { page: ApplicationPage; accept: SendForm<SyncSummary> }

/** Why the last reading of the catalogue changed nothing, and the way on where it shrank. */
export function SyncNote({ page, accept }: Props) {
  const toast = useToast()
  const [pending, start] = useTransition()
  const { connection } = page
  if (!connection?.syncError || page.archivedAt) return null

  const readAgain = () =>
    start(async () => {
      const form = new FormData()
      form.set('applicationId', page.id)
      const state = await sent(accept, form)
      if (state.status === 'done' && state.result)
        toast({ title: 'The list is accepted', description: syncWords(state.result) })
      else
        toast({
          title: 'The list was not accepted',
          description: state.message ?? 'That did not work. Try again',
          tone: 'bad',
        })
    })

  return (
    <Callout tone="warn" icon="refresh">
      {connection.syncError}
      {connection.syncShrunk && page.can.connect ? (
        <span className="mt-2 block">
          <Button size="sm" pending={pending} onClick={readAgain}>
            Read again and accept
          </Button>
          <span className="hint ml-2">What it lacks closes when the next reading lacks it too.</span>
        </span>
      ) : null}
    </Callout>
  )
}
