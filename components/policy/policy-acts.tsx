'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { Button, IconButton, LinkButton } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { Menu, MenuItem } from '@/components/ui/menu'
import { useToast } from '@/components/ui/toast'
import type { FormState } from '@/lib/form'
import { type SendForm, sent } from '@/lib/forms/state'
import type { PolicyPage } from '@/lib/policy-views'
import { AffectedRequests } from './affected-requests'
import { forgetKept, lapsedWords, type Replaced, type Saved } from './use-draft'

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
  return wrongWith(await sent(action, form))
}

const wrongWith = (state: FormState<unknown>) =>
  state.status === 'done' ? null : (state.message ?? 'That did not work. Try again')

type ActsProps = {
  page: PolicyPage
  archive: SendForm<Replaced>
  discard: SendForm<Discarded>
  now: Date
  zone: string
}

/** What an admin may do with a policy. */
export function PolicyActs({ page, archive, discard, now, zone }: ActsProps) {
  const [lapse, setLapse] = useState(false)
  const [archiving, setArchiving] = useState(false)
  const router = useRouter()
  const toast = useToast()
  const [current] = page.versions
  const live = page.versions.reduce((sum, v) => sum + v.live, 0)
  const { affected } = page
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
                text: waitingWords(affected.length, lapse),
              },
            ]}
            confirmLabel="Archive policy"
            keepLabel="Keep it in force"
            onConfirm={async () => {
              const form = new FormData()
              form.set('policyId', page.id)
              form.set('version', String(page.version))
              if (lapse) form.set('lapsePending', 'on')
              const state = await sent(archive, form)
              const wrong = wrongWith(state)
              if (wrong) return wrong
              toast({
                title: `${page.name} archived`,
                description: lapsedWords(state.result?.lapsed).trim() || undefined,
              })
              router.push(POLICIES as Route)
              return null
            }}
          >
            <AffectedRequests
              affected={affected}
              now={now}
              zone={zone}
              lapse={lapse}
              setLapse={setLapse}
              hint="Whoever asked is told by mail. They can ask once another policy offers it."
            />
          </ConfirmDialog>
        </>
      ) : null}
    </div>
  )
}

function waitingWords(pending: number, lapse: boolean): string {
  if (pending === 0) return 'No request waits under it.'
  const some = pending === 1 ? '1 pending request' : `${pending} pending requests`
  if (lapse) return `${some} ${pending === 1 ? 'lapses' : 'lapse'}.`
  return `${some} ${pending === 1 ? 'is' : 'are'} still decided, unless you let ${pending === 1 ? 'it' : 'them'} lapse.`
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
