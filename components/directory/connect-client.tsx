'use client'

import { useState } from 'react'
import { FormDialog } from '@/components/application/form-dialog'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { FormState } from '@/lib/form'
import { fieldError, type SendForm, typed } from '@/lib/forms/state'
import { ShownToken } from './shown-token'

export type NewToken = { clientId: string; token: string }

/** Connects an identity provider, and shows its first token. */
export function ConnectClient({ connect }: { connect: SendForm<NewToken> }) {
  const [token, setToken] = useState<string | null>(null)
  return (
    <>
      <FormDialog
        title="Connect an identity provider"
        description="It gets a bearer token of its own. Its people and groups are marked as its own."
        trigger={
          <Button variant="primary" icon="plus">
            Connect
          </Button>
        }
        action={async (prev: FormState<NewToken>, form: FormData) => {
          const state = await connect(prev, form)
          if (state.result) setToken(state.result.token)
          return state
        }}
        hidden={{}}
        submitLabel="Make a token"
        done="Identity provider connected"
      >
        {(state) => (
          <Field
            label="Name"
            required
            hint="It stands in the timeline with everything it writes."
            error={fieldError(state, 'name')}
          >
            <Input
              name="name"
              defaultValue={typed(state, 'name')}
              maxLength={60}
              placeholder="Okta"
              autoComplete="off"
            />
          </Field>
        )}
      </FormDialog>
      <ShownToken token={token} onClose={() => setToken(null)} />
    </>
  )
}
