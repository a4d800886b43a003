'use client'

import { useState } from 'react'
import { FormDialog } from '@/components/application/form-dialog'
import { Button, IconButton } from '@/components/ui/button'
import { type ComboItem, MultiCombobox } from '@/components/ui/combobox'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Field } from '@/components/ui/field'
import { Menu, MenuItem } from '@/components/ui/menu'
import { Select } from '@/components/ui/select'
import { useToast } from '@/components/ui/toast'
import { fieldError, type SendForm } from '@/lib/forms/state'
import type { GroupPage } from '@/lib/people-views'
import { AbsenceDialog, type PreviewAbsence } from './absence-dialog'
import { GroupFields } from './group-fields'
import { act, escalatedWords, wrongWith } from './send'

type Saved = { groupId: string; escalated: number }

export type GroupActions = {
  preview: PreviewAbsence
  edit: SendForm<Saved>
  add: SendForm<Saved>
  takeOut: SendForm<Saved>
  nest: SendForm<Saved>
  unnest: SendForm<Saved>
  handOver: SendForm<{ groupId: string }>
  putOutOfUse: SendForm<Saved>
  putInUse: SendForm<Saved>
}

type Props = { page: GroupPage; actions: GroupActions }

/** What an admin may do with a group. */
export function GroupActs({ page, actions }: Props) {
  const toast = useToast()
  const [open, setOpen] = useState<'edit' | 'nest' | 'handOver' | 'use' | null>(null)
  const close = (next: boolean) => {
    if (!next) setOpen(null)
  }
  const ref = { groupId: page.id, version: page.version }
  return (
    <div className="page-actions">
      {page.candidates && !page.managedBy ? <AddMembers page={page} action={actions.add} /> : null}
      <Menu trigger={<IconButton icon="ellipsis" label="More acts on this group" />}>
        <MenuItem icon="pencil" onSelect={() => setOpen('edit')}>
          Edit group
        </MenuItem>
        <MenuItem icon="network" onSelect={() => setOpen('nest')}>
          Put a group in
        </MenuItem>
        {page.heirs.length > 0 ? (
          <MenuItem icon="send" onSelect={() => setOpen('handOver')}>
            Hand over to an identity provider
          </MenuItem>
        ) : null}
        {page.active ? (
          <MenuItem icon="ban" danger onSelect={() => setOpen('use')}>
            Deactivate group
          </MenuItem>
        ) : (
          <MenuItem icon="play" onSelect={() => setOpen('use')}>
            Take it into use again
          </MenuItem>
        )}
      </Menu>
      <FormDialog
        title={`Edit ${page.name}`}
        open={open === 'edit'}
        onOpenChange={close}
        action={actions.edit}
        hidden={ref}
        submitLabel="Save group"
        done="Group saved"
      >
        {(state) => <GroupFields state={state} name={page.name} description={page.description} />}
      </FormDialog>
      <HandOver page={page} action={actions.handOver} open={open === 'handOver'} onOpenChange={close} />
      <NestGroups page={page} action={actions.nest} open={open === 'nest'} onOpenChange={close} />
      {page.active ? (
        <AbsenceDialog
          title={`Deactivate ${page.name}?`}
          leaving="group"
          absence={{ groupId: page.id }}
          preview={actions.preview}
          open={open === 'use'}
          onOpenChange={close}
          always={[
            { icon: 'ban', text: 'Nobody is found through it any more, neither to ask nor to decide.' },
            { icon: 'info', text: 'Its members stay listed, and what they hold goes on.' },
          ]}
          confirmLabel="Deactivate group"
          keepLabel="Keep it in use"
          onConfirm={async () => {
            const state = await act(actions.putOutOfUse, ref)
            const wrong = wrongWith(state)
            if (!wrong)
              toast({
                title: `${page.name} deactivated`,
                description: escalatedWords(state.result?.escalated),
              })
            return wrong
          }}
        />
      ) : (
        <ConfirmDialog
          title={`Take ${page.name} into use again?`}
          tone="primary"
          open={open === 'use'}
          onOpenChange={close}
          consequences={[
            { icon: 'users', text: 'Its members may ask and decide by it again, also on what waits now.' },
          ]}
          confirmLabel="Take into use"
          keepLabel="Leave it deactivated"
          onConfirm={async () => {
            const wrong = wrongWith(await act(actions.putInUse, ref))
            if (!wrong) toast({ title: `${page.name} is in use again` })
            return wrong
          }}
        />
      )}
    </div>
  )
}

function AddMembers({ page, action }: { page: GroupPage; action: SendForm<Saved> }) {
  const items = (page.candidates ?? []).map(
    (p): ComboItem => ({ value: p.id, label: p.name, sub: p.team ?? undefined, kind: 'person' }),
  )
  return (
    <FormDialog
      title={`Add people to ${page.name}`}
      description={
        page.uses.decides.length > 0 ? 'They may decide at once on what waits for this group.' : undefined
      }
      trigger={
        <Button variant="primary" icon="user-plus">
          Add people
        </Button>
      }
      action={action}
      hidden={{ groupId: page.id }}
      submitLabel="Add to the group"
      done="People added"
    >
      {(state) => (
        <Field label="People" id="group-people" required error={fieldError(state, 'personIds')}>
          <MultiCombobox
            name="personIds"
            items={items}
            placeholder="Find a person"
            empty="Nobody of this name is outside the group."
          />
        </Field>
      )}
    </FormDialog>
  )
}

type TakeOutProps = {
  page: GroupPage
  member: GroupPage['members'][number]
  action: SendForm<Saved>
  preview: PreviewAbsence
}

/** Takes one person out of a group, after saying what follows. */
export function TakeOut({ page, member, action, preview }: TakeOutProps) {
  const toast = useToast()
  return (
    <AbsenceDialog
      title={`Take ${member.name} out of ${page.name}?`}
      leaving="member"
      absence={{ groupId: page.id, personId: member.id }}
      preview={preview}
      always={[{ icon: 'info', text: 'What they hold goes on and ends as agreed.' }]}
      confirmLabel="Take out"
      keepLabel="Keep in the group"
      onConfirm={async () => {
        const state = await act(action, { groupId: page.id, personId: member.id })
        const wrong = wrongWith(state)
        if (!wrong)
          toast({
            title: `${member.name} is out of ${page.name}`,
            description: escalatedWords(state.result?.escalated),
          })
        return wrong
      }}
      trigger={<IconButton icon="x" label={`Take ${member.name} out`} />}
    />
  )
}

function HandOver({
  page,
  ...dialog
}: {
  page: GroupPage
  action: SendForm<{ groupId: string }>
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  return (
    <FormDialog
      title={`Hand ${page.name} over`}
      description="From now on it is changed there and not here. Policies go on naming it; who is in it is replaced by whom the identity provider says."
      {...dialog}
      hidden={{ groupId: page.id, version: page.version }}
      submitLabel="Hand it over"
      done={`${page.name} handed over`}
    >
      {(state) => (
        <Field label="To" required error={fieldError(state, 'clientId')}>
          <Select
            name="clientId"
            defaultValue={page.heirs[0]?.id}
            options={page.heirs.map((c) => ({ value: c.id, label: c.name }))}
          />
        </Field>
      )}
    </FormDialog>
  )
}

function NestGroups({
  page,
  ...dialog
}: {
  page: GroupPage
  action: SendForm<Saved>
  open: boolean
  onOpenChange: (open: boolean) => void
}) {
  const items = (page.groupCandidates ?? []).map((g): ComboItem => ({ value: g.id, label: g.name }))
  return (
    <FormDialog
      title={`Put a group into ${page.name}`}
      description="Everybody found through it is found through this group as well, as long as it is in it."
      {...dialog}
      hidden={{ groupId: page.id }}
      submitLabel="Put it in"
      done="Group put in"
    >
      {(state) => (
        <Field label="Groups" id="group-groups" required error={fieldError(state, 'childIds')}>
          <MultiCombobox
            name="childIds"
            items={items}
            placeholder="Find a group"
            empty="No group of this name could be put in."
          />
        </Field>
      )}
    </FormDialog>
  )
}

/** Takes a group out of a group. */
export function TakeGroupOut({
  page,
  inner,
  action,
}: {
  page: GroupPage
  inner: GroupPage['groups'][number]
  action: SendForm<Saved>
}) {
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Take ${inner.name} out of ${page.name}?`}
      tone="danger"
      consequences={[
        {
          icon: 'users',
          text: 'Whoever is found through it alone may not ask or decide by this group any more. What waits for nobody else goes to the owners and admins.',
        },
        { icon: 'info', text: 'What its people hold goes on and ends as agreed.' },
      ]}
      confirmLabel="Take it out"
      keepLabel="Keep it in the group"
      onConfirm={async () => {
        const state = await act(action, { groupId: page.id, childId: inner.id })
        const wrong = wrongWith(state)
        if (!wrong)
          toast({
            title: `${inner.name} is out of ${page.name}`,
            description: escalatedWords(state.result?.escalated),
          })
        return wrong
      }}
      trigger={<IconButton icon="x" label={`Take ${inner.name} out`} />}
    />
  )
}
