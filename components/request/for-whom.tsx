'use client'

import type { Route } from 'next'
import { usePathname, useRouter, useSearchParams } from 'next/navigation'
import { useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { Combobox } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { firstName } from '@/lib/asking-words'

type ForWhomProps = {
  /** Everybody else one may ask for; nobody shows nothing. */
  people: readonly { id: string; name: string; team: string | null }[]
  beneficiary: { id: string; name: string } | null
  /** What else stands in the address and has to stay there. */
  keep?: readonly (readonly [string, string])[]
}

/** Whom it is for: oneself, or somebody one may ask for. The choice is in the address, and works without scripts. */
export function ForWhom({ people, beneficiary, keep = [] }: ForWhomProps) {
  const router = useRouter()
  const pathname = usePathname()
  const params = useSearchParams()
  const [pending, start] = useTransition()
  if (people.length === 0) return null
  const items = people.map(({ id, name, team }) => ({
    value: id,
    label: name,
    sub: team ?? undefined,
    kind: 'person' as const,
  }))

  function choose(id: string | null) {
    const query = new URLSearchParams(params)
    query.delete('for')
    if (id) query.set('for', id)
    const text = query.toString()
    start(() => router.replace(`${pathname}${text ? `?${text}` : ''}` as Route, { scroll: false }))
  }

  return (
    <div className="rq-for" aria-busy={pending}>
      <Field
        label={<span className="rq-l">For whom</span>}
        hint={
          beneficiary
            ? `${firstName(beneficiary.name)} is told. Neither of you decides on it.`
            : 'For yourself. Choose somebody to ask in their place.'
        }
      >
        <Combobox
          className="only-scripts"
          items={items}
          placeholder="Yourself"
          empty="Nobody you may ask for"
          value={items.find((item) => item.value === beneficiary?.id) ?? null}
          onValueChange={(item) => choose(item?.value ?? null)}
        />
      </Field>
      <noscript>
        <form className="row mt-2">
          {keep.map(([name, value]) => (
            <input key={`${name}${value}`} type="hidden" name={name} value={value} />
          ))}
          <select className="input" name="for" defaultValue={beneficiary?.id ?? ''} aria-label="For whom">
            <option value="">Yourself</option>
            {people.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
          <Button type="submit">Choose</Button>
        </form>
      </noscript>
    </div>
  )
}
