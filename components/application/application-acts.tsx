'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useState, useTransition } from 'react'
import { Button, IconButton } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Menu, MenuItem } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import type {
  ApplicationChoices,
  ApplicationPage,
  ApplicationSaved,
  ConnectionSaved,
  SyncSummary,
  TestAnswer,
} from '@/lib/application-views'
import { type FormState, idle } from '@/lib/form'
import type { SendForm } from '@/lib/forms/state'
import { AboutFields, OwnerField } from './about-fields'
import { ByHandFields } from './by-hand-fields'
import { FormDialog } from './form-dialog'

export type ApplicationActions = {
  test: SendForm<TestAnswer>
  sync: SendForm<SyncSummary>
  pause: SendForm<ConnectionSaved>
  archive: SendForm<ApplicationSaved>
  remove: SendForm<{ name: string }>
  edit: SendForm<ApplicationSaved>
  nameOwners: SendForm<ApplicationSaved>
}

type Props = { page: ApplicationPage; choices: ApplicationChoices | null; actions: ApplicationActions }

function formOf(values: Record<string, string | number | boolean>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) form.set(name, String(value))
  return form
}

const wrongWith = (state: FormState<unknown>) =>
  state.status === 'done' ? null : (state.message ?? 'That did not work. Try again')

/** What one may do with an application. */
export function ApplicationActs({ page, choices, actions }: Props) {
  const toast = useToast()
  const router = useRouter()
  const [testing, startTest] = useTransition()
  const [syncing, startSync] = useTransition()
  const [open, setOpen] = useState<'edit' | 'owners' | 'pause' | 'archive' | 'delete' | null>(null)
  const { connection } = page
  const applicationId = page.id
  const close = (next: boolean) => {
    if (!next) setOpen(null)
  }

  const test = () =>
    startTest(async () => {
      const state = await actions.test(idle, formOf({ applicationId }))
      const wrong = wrongWith(state)
      const failed = state.result?.checks.find((check) => !check.ok)
      if (wrong) toast({ title: 'The test did not run', description: wrong, tone: 'bad' })
      else if (failed) toast({ title: `${failed.name}: failed`, description: failed.detail, tone: 'bad' })
      else toast({ title: 'The connection works', description: 'Every check passed.' })
    })

  const sync = () =>
    startSync(async () => {
      const state = await actions.sync(idle, formOf({ applicationId }))
      const wrong = wrongWith(state)
      if (wrong || !state.result)
        toast({ title: 'The catalogue was not synced', description: wrong ?? undefined, tone: 'bad' })
      else toast({ title: 'Catalogue synced', description: syncWords(state.result) })
    })

  if (!page.can.test && !page.can.edit && !page.can.remove) return null
  return (
    <div className="page-actions">
      {connection && page.can.test ? (
        <>
          <Button icon="refresh" pending={syncing} onClick={sync}>
            Sync catalogue
          </Button>
          <Button icon="plug" pending={testing} onClick={test}>
            Test connection
          </Button>
        </>
      ) : null}
      {page.can.edit || page.can.remove ? (
        <Menu trigger={<IconButton icon="ellipsis" label="More acts on this application" />}>
          {page.can.edit ? (
            <MenuItem icon="pencil" onSelect={() => setOpen('edit')}>
              Edit application
            </MenuItem>
          ) : null}
          {page.can.administer ? (
            <MenuItem icon="users" onSelect={() => setOpen('owners')}>
              Name owners
            </MenuItem>
          ) : null}
          {connection && page.can.connect ? (
            <MenuItem icon={connection.paused ? 'play' : 'pause'} onSelect={() => setOpen('pause')}>
              {connection.paused ? 'Resume connection' : 'Pause connection'}
            </MenuItem>
          ) : null}
          {page.can.administer ? (
            <MenuItem
              icon="ban"
              danger
              onSelect={() => setOpen('archive')}
              reason={page.liveGrants > 0 ? `${page.liveGrants} live grants need it` : undefined}
            >
              Archive application
            </MenuItem>
          ) : null}
          {page.can.remove ? (
            <MenuItem icon="trash" danger onSelect={() => setOpen('delete')} reason={page.kept ?? undefined}>
              Delete application
            </MenuItem>
          ) : null}
        </Menu>
      ) : null}
      {choices ? (
        <EditDialogs page={page} choices={choices} actions={actions} open={open} close={close} />
      ) : null}
      {connection ? (
        <PauseDialog page={page} action={actions.pause} open={open === 'pause'} close={close} />
      ) : null}
      <ConfirmDialog
        title={`Archive ${page.name}?`}
        open={open === 'archive'}
        onOpenChange={close}
        consequences={[
          { icon: 'ban', text: 'Nobody can ask for anything of it any more.' },
          { icon: 'info', text: 'Its record stays: grants, timelines, decisions.' },
        ]}
        confirmLabel="Archive application"
        keepLabel="Keep it"
        onConfirm={async () => {
          const state = await actions.archive(idle, formOf({ applicationId, version: page.version }))
          const wrong = wrongWith(state)
          if (wrong) return wrong
          toast({ title: `${page.name} archived` })
          router.push('/settings/access-management/applications' as Route)
          return null
        }}
      />
      <ConfirmDialog
        title={`Delete ${page.name}?`}
        open={open === 'delete'}
        onOpenChange={close}
        consequences={[
          {
            icon: 'trash',
            tone: 'bad',
            text: connection
              ? `${page.name}, its connection and the credential for it are gone for good.`
              : `${page.name} is gone for good.`,
          },
          { icon: 'info', text: 'Nobody ever asked for anything of it, so nothing on record is lost.' },
          ...(connection
            ? [
                {
                  icon: 'plug' as const,
                  text: `Nothing changes in ${connection.target}. Withdraw our credential there.`,
                },
              ]
            : []),
        ]}
        confirmLabel="Delete application"
        keepLabel="Keep it"
        onConfirm={async () => {
          const state = await actions.remove(idle, formOf({ applicationId, version: page.version }))
          const wrong = wrongWith(state)
          if (wrong) return wrong
          toast({ title: `${page.name} deleted` })
          router.push('/settings/access-management/applications' as Route)
          return null
        }}
      />
    </div>
  )
}

type DialogsProps = {
  page: ApplicationPage
  choices: ApplicationChoices
  actions: ApplicationActions
  open: string | null
  close: (next: boolean) => void
}

function EditDialogs({ page, choices, actions, open, close }: DialogsProps) {
  const hidden = { applicationId: page.id, version: page.version }
  return (
    <>
      <FormDialog
        title={`Edit ${page.name}`}
        open={open === 'edit'}
        onOpenChange={close}
        action={actions.edit}
        hidden={hidden}
        submitLabel="Save application"
        done={`${page.name} saved`}
      >
        {(state) => (
          <>
            <AboutFields state={state} name={page.name} description={page.description} />
            {page.byHand ? <ByHandFields choices={choices} value={page.byHand} state={state} /> : null}
          </>
        )}
      </FormDialog>
      <FormDialog
        title={`Owners of ${page.name}`}
        open={open === 'owners'}
        onOpenChange={close}
        action={actions.nameOwners}
        hidden={hidden}
        submitLabel="Save owners"
        done="Owners saved"
      >
        {(state) => <OwnerField choices={choices} owners={page.owners} state={state} />}
      </FormDialog>
    </>
  )
}

type PauseProps = {
  page: ApplicationPage
  action: SendForm<ConnectionSaved>
  open: boolean
  close: (next: boolean) => void
}

function PauseDialog({ page, action, open, close }: PauseProps) {
  const toast = useToast()
  const { connection } = page
  if (!connection) return null
  const resume = connection.paused
  return (
    <ConfirmDialog
      title={resume ? `Resume ${page.name}?` : `Pause ${page.name}?`}
      open={open}
      onOpenChange={close}
      tone="primary"
      consequences={
        resume
          ? [{ icon: 'play', text: 'What waits to be given is tried at once.' }]
          : [
              {
                icon: 'pause',
                text: 'Nothing new is given. What is agreed meanwhile waits, up to its latest start.',
              },
              { icon: 'circle-check', tone: 'ok', text: 'What ends is still taken back, on time.' },
            ]
      }
      confirmLabel={resume ? 'Resume connection' : 'Pause connection'}
      keepLabel={resume ? 'Leave it paused' : 'Keep it running'}
      reason={
        resume
          ? undefined
          : { label: 'Reason', hint: 'Everybody whose access waits sees it.', required: true }
      }
      onConfirm={async (reason) => {
        const state = await action(
          idle,
          formOf({ applicationId: page.id, version: connection.version, paused: !resume, reason }),
        )
        const wrong = wrongWith(state)
        if (!wrong) toast({ title: resume ? 'Connection resumed' : 'Connection paused' })
        return wrong
      }}
    />
  )
}

export function syncWords({
  found,
  added,
  renamed,
  closed,
  reopened,
  changed,
  missing,
}: SyncSummary): string {
  const parts = [
    added && `${added} new`,
    renamed && `${renamed} renamed`,
    closed && `${closed} closed`,
    reopened && `${reopened} open again`,
    changed && `${changed} changed`,
    missing && `${missing} missing for the first time`,
  ].filter(Boolean)
  const what = found === 1 ? '1 entitlement' : `${found} entitlements`
  return parts.length ? `${what}: ${parts.join(', ')}.` : `${what}, nothing changed.`
}
