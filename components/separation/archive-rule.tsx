'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import { type SendForm, sent } from '@/lib/forms/state'
import { SEPARATION } from './rule-parts'

type ArchiveProps = {
  id: string
  name: string
  version: number
  archive: SendForm<{ separationId: string; version: number }>
}

/** Archives a rule, after saying what that means. */
export function ArchiveRule({ id, name, version, archive }: ArchiveProps) {
  const router = useRouter()
  const toast = useToast()
  return (
    <div className="page-actions">
      <ConfirmDialog
        title={`Archive ${name}?`}
        consequences={[
          { icon: 'split', text: 'What it keeps apart may be asked for and held together from now on.' },
          { icon: 'hourglass', text: 'Requests that have its extra step keep it.' },
          { icon: 'info', text: 'An archived rule stays as it is; to have it back, write a new one.' },
        ]}
        confirmLabel="Archive rule"
        keepLabel="Keep it in force"
        onConfirm={async () => {
          const form = new FormData()
          form.set('separationId', id)
          form.set('version', String(version))
          const state = await sent(archive, form)
          if (state.status !== 'done') return state.message ?? 'That did not work. Try again'
          toast({ title: `${name} archived` })
          router.push(SEPARATION as Route)
          return null
        }}
        trigger={<Button icon="ban">Archive…</Button>}
      />
    </div>
  )
}
