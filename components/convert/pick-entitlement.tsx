'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useTransition } from 'react'
import { Combobox, type ComboItem } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'

type Props = {
  applicationId: string
  choices: readonly { id: string; name: string }[]
  chosen: string | null
}

/** Which entitlement it is about; who holds it is read when it is chosen. */
export function PickEntitlement({ applicationId, choices, chosen }: Props) {
  const router = useRouter()
  const [pending, start] = useTransition()
  const items = choices.map(({ id, name }): ComboItem => ({ value: id, label: name, kind: 'entitlement' }))
  return (
    <Field
      className="max-w-96"
      label="Entitlement"
      hint={pending ? 'Asking who holds it…' : 'Who holds it is asked when you choose it.'}
    >
      <Combobox
        items={items}
        placeholder="Find an entitlement"
        empty="Nothing of that name"
        value={items.find((item) => item.value === chosen) ?? null}
        onValueChange={(item) => {
          if (!item) return
          const page = `/settings/access-management/applications/${applicationId}/convert?entitlement=${item.value}`
          start(() => router.push(page as Route))
        }}
      />
    </Field>
  )
}
