'use client'

import { useState } from 'react'
import { act, wrongWith } from '@/components/people-list/send'
import { Button, IconButton } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import type { ScimClientView, ScimTokenView } from '@/lib/directory-views'
import type { SendForm } from '@/lib/forms/state'
import type { NewToken } from './connect-client'
import { ShownToken } from './shown-token'

export type ClientActions = {
  addToken: SendForm<NewToken>
  revokeToken: SendForm<null>
  disconnect: SendForm<null>
}

/**
 * Makes a second token, so that the first can be replaced without a gap. It stays when it is not offered any more,
 * since it still shows the token it made.
 */
export function NewTokenButton({
  client,
  offered,
  action,
}: {
  client: ScimClientView
  offered: boolean
  action: ClientActions['addToken']
}) {
  const [token, setToken] = useState<string | null>(null)
  return (
    <>
      {offered ? (
        <ConfirmDialog
          title={`Make a new token for ${client.name}?`}
          tone="primary"
          consequences={[
            { icon: 'key', text: 'It is shown once. Both tokens are taken until you revoke the old one.' },
          ]}
          confirmLabel="Make a token"
          keepLabel="Leave it"
          trigger={<Button icon="refresh">New token</Button>}
          onConfirm={async () => {
            const state = await act(action, { clientId: client.id })
            if (state.result) setToken(state.result.token)
            return wrongWith(state)
          }}
        />
      ) : null}
      <ShownToken token={token} onClose={() => setToken(null)} />
    </>
  )
}

export function RevokeToken({
  client,
  token,
  last,
  action,
}: {
  client: ScimClientView
  token: ScimTokenView
  last: boolean
  action: ClientActions['revokeToken']
}) {
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Revoke the token that ends in ${token.hint}?`}
      consequences={[
        { icon: 'ban', text: 'The next request with it is refused.' },
        ...(last
          ? [
              {
                icon: 'triangle-alert' as const,
                tone: 'warn' as const,
                text: `It is the only one: ${client.name} is shut out, and nobody who leaves is taken away by it.`,
              },
            ]
          : []),
      ]}
      confirmLabel="Revoke token"
      keepLabel="Keep the token"
      onConfirm={async () => {
        const wrong = wrongWith(await act(action, { clientId: client.id, tokenId: token.id }))
        if (!wrong) toast({ title: 'Token revoked' })
        return wrong
      }}
      trigger={<IconButton icon="x" label={`Revoke the token that ends in ${token.hint}`} />}
    />
  )
}

export function Disconnect({
  client,
  action,
}: {
  client: ScimClientView
  action: ClientActions['disconnect']
}) {
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Disconnect ${client.name}?`}
      consequences={[
        {
          icon: 'ban',
          text: 'Its tokens are revoked. Whoever leaves there is not deactivated here any more.',
        },
        { icon: 'users', text: 'Its people and groups stay, and are changed by hand from now on.' },
      ]}
      confirmLabel="Disconnect"
      keepLabel="Keep it connected"
      onConfirm={async () => {
        const wrong = wrongWith(await act(action, { clientId: client.id }))
        if (!wrong) toast({ title: `${client.name} is disconnected` })
        return wrong
      }}
      trigger={<IconButton icon="power" label={`Disconnect ${client.name}`} />}
    />
  )
}
