'use client'

import { act as send, wrongWith } from '@/components/people-list/send'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import type { SendForm } from '@/lib/forms/state'

export type SignInCardProps = {
  /** The identity providers that are set up, by name. */
  providers: readonly string[]
  /** People sign in there only. */
  only: boolean
  canChange: boolean
  version: number
  act: SendForm<{ version: number; ended: number }>
}

/** By which doors people come in, and the switch that shuts the one of the mailed links. */
export function SignInCard({ providers, only, canChange, version, act }: SignInCardProps) {
  const names = listed(providers)
  const words =
    providers.length === 0
      ? 'People sign in with a link by mail. No identity provider is set up.'
      : only
        ? `People sign in with ${names} only. No links are mailed.`
        : `People sign in with ${names}, or with a link by mail.`
  return (
    <section className="card mt-4" aria-labelledby="signing-in">
      <div className="card-head">
        <h2 className="card-title" id="signing-in">
          Signing in
        </h2>
      </div>
      <div className="card-pad stack gap-3!">
        <p className="ink2">{words}</p>
        {canChange ? (
          <div className="row flex-wrap">
            <Switch providers={providers} names={names} only={only} version={version} act={act} />
          </div>
        ) : null}
      </div>
    </section>
  )
}

type SwitchProps = Omit<SignInCardProps, 'canChange'> & { names: string }

function Switch({ providers, names, only, version, act }: SwitchProps) {
  const toast = useToast()
  if (providers.length === 0 && !only)
    return (
      <Button reason="Set an identity provider up first: nobody could sign in">
        Require single sign-on…
      </Button>
    )
  const label = only ? 'Mail links again' : 'Require single sign-on'
  return (
    <ConfirmDialog
      title={only ? 'Let people sign in with a link by mail again?' : 'Require single sign-on?'}
      tone="primary"
      consequences={
        only
          ? [{ icon: 'mail', text: 'Whoever reads somebody’s mail can sign in as them.' }]
          : [
              { icon: 'mail', text: 'No sign-in links are mailed, and those that were stop working.' },
              { icon: 'log-out', text: 'Sessions that began with a link by mail end now.' },
              {
                icon: 'log-in',
                text: `Everybody signs in with ${names}. If that is gone, the server’s administrator has links mailed again with npm run admin:grant.`,
              },
            ]
      }
      confirmLabel={label}
      keepLabel="Leave it as it is"
      onConfirm={async () => {
        const state = await send(act, { version, only: only ? 'no' : 'yes' })
        const wrong = wrongWith(state)
        if (!wrong)
          toast({
            title: only ? 'Links are mailed again' : 'Single sign-on is required',
            description: endedWords(state.result?.ended ?? 0),
          })
        return wrong
      }}
      trigger={<Button>{label}…</Button>}
    />
  )
}

function endedWords(ended: number): string | undefined {
  if (ended === 0) return undefined
  return ended === 1 ? '1 session ended.' : `${ended} sessions ended.`
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
}
