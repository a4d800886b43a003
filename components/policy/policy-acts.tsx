'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button, IconButton, LinkButton } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Menu, MenuItem } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import { type SendForm, sent } from '@/lib/forms/state'
import type { PolicyPage } from '@/lib/policy-views'
import { forgetKept, type Saved } from './use-draft'

type Discarded = Saved & { gone: boolean }

const POLICIES = '/settings/access-management/policies'

/** Sends a policy and the version one saw; gives back what went wrong, if anything. */
async function act<R extends Saved>(
  action: SendForm<R>,
  policyId: string,
  version: number,
): Promise<string | null> {
  const form = new FormData()
  form.set('policyId', policyId)
  form.set('version', String(version))
  const state = await sent(action, form)
  return state.status === 'done' ? null : (state.message ?? 'That did not work. Try again')
}

type ActsProps = { page: PolicyPage; archive: SendForm<Saved>; discard: SendForm<Discarded> }

/** What an admin may do with a policy. */
export function PolicyActs({ page, archive, discard }: ActsProps) {
  const [archiving, setArchiving] = useState(false)
  const router = useRouter()
  const toast = useToast()
  const [current] = page.versions
  const live = page.versions.reduce((sum, v) => sum + v.live, 0)
  const pending = page.versions.reduce((sum, v) => sum + v.pending, 0)
  return (
    <div className="page-actions">
      {page.draft ? (
        <DiscardDraft
          policyId={page.id}
          name={page.name}
          version={page.version}
          published={current !== undefined}
          action={discard}
        />
      ) : null}
      <LinkButton variant="primary" icon="pencil" href={`${POLICIES}/${page.id}/edit?step=details`}>
        {page.draft ? 'Continue the draft' : 'Edit policy'}
      </LinkButton>
      {current ? (
        <>
          <Menu trigger={<IconButton icon="ellipsis" label="More acts on this policy" />}>
            <MenuItem icon="ban" danger onSelect={() => setArchiving(true)}>
              Archive policy
            </MenuItem>
          </Menu>
          <ConfirmDialog
            title={`Archive ${page.name}?`}
            open={archiving}
            onOpenChange={setArchiving}
            consequences={[
              { icon: 'ban', text: 'Nobody can ask for its entitlements until another policy offers them.' },
              {
                icon: 'key-round',
                text:
                  live === 0
                    ? 'No grant lives under it.'
                    : `${live === 1 ? '1 live grant goes' : `${live} live grants go`} on and end as agreed.`,
              },
              {
                icon: 'hourglass',
                text:
                  pending === 0
                    ? 'No request waits under it.'
                    : `${pending === 1 ? '1 pending request is' : `${pending} pending requests are`} still decided.`,
              },
            ]}
            confirmLabel="Archive policy"
            keepLabel="Keep it in force"
            onConfirm={async () => {
              const wrong = await act(archive, page.id, page.version)
              if (wrong) return wrong
              toast({ title: `${page.name} archived` })
              router.push(POLICIES as Route)
              return null
            }}
          />
        </>
      ) : null}
    </div>
  )
}

type DiscardProps = {
  policyId: string
  name: string
  version: number
  published: boolean
  action: SendForm<Discarded>
}

/** Throws a draft away, after saying what stays; the action itself leads to where something still is. */
export function DiscardDraft({ policyId, name, version, published, action }: DiscardProps) {
  return (
    <ConfirmDialog
      title={published ? `Discard the draft of ${name}?` : `Discard ${name}?`}
      consequences={[
        { icon: 'trash', text: 'What was written in the draft is gone for good.' },
        published
          ? { icon: 'circle-check', tone: 'ok', text: 'The version in force stays as it is.' }
          : { icon: 'info', text: 'It was never published, so the policy goes with it.' },
      ]}
      confirmLabel={published ? 'Discard the draft' : 'Discard the policy'}
      keepLabel="Keep the draft"
      onConfirm={() => {
        forgetKept(policyId)
        return act(action, policyId, version)
      }}
      trigger={
        <Button variant="ghost" size="sm">
          Discard draft
        </Button>
      }
    />
  )
}
