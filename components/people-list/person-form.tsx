'use client'

import { LinkButton, SubmitButton } from '@/components/ui/button'
import { Combobox, type ComboItem } from '@/components/ui/combobox'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import type { FormAction } from '@/lib/form'
import type { PersonFormPage } from '@/lib/people-views'
import { useSendForm } from '../request/use-form'
import { ReadingFields } from './reading-fields'

type Props<R> = { page: PersonFormPage; now: Date; backHref: string; save: FormAction<R> }

const controls = {
  name: 'person-name',
  email: 'person-email',
  title: 'person-title',
  team: 'person-team',
  managerId: 'person-manager',
  timeZone: 'person-zone',
  locale: 'person-locale',
}

/** Who somebody is and whom they answer to: for somebody new, and for who is here. */
export function PersonForm<R>({ page, now, backHref, save }: Props<R>) {
  const form = useSendForm(save, controls)
  const { person } = page
  const items = page.managers.map(
    ({ id, name, team }): ComboItem => ({ value: id, label: name, sub: team ?? undefined, kind: 'person' }),
  )
  const text = (name: 'name' | 'email' | 'title' | 'team', max: number) => ({
    name,
    maxLength: max,
    autoComplete: 'off',
    defaultValue: form.was(name) ?? person?.[name] ?? '',
  })
  return (
    <form className="card card-pad stack gap-5!" {...form.props}>
      {person ? (
        <>
          <input type="hidden" name="personId" value={person.id} />
          <input type="hidden" name="version" value={person.version} />
        </>
      ) : null}
      <ErrorSummary problems={form.problems} />
      <Field id={controls.name} label="Name" required error={form.error('name')}>
        <Input {...text('name', 120)} />
      </Field>
      <Field
        id={controls.email}
        label="E-mail address"
        required
        hint={
          person
            ? 'They sign in with it. The old address opens nothing any more.'
            : 'They sign in with it, and mails go there.'
        }
        error={form.error('email')}
      >
        <Input {...text('email', 254)} type="email" />
      </Field>
      <Field id={controls.title} label="Title" note="optional" error={form.error('title')}>
        <Input {...text('title', 120)} placeholder="Data engineer" />
      </Field>
      <Field id={controls.team} label="Team" note="optional" error={form.error('team')}>
        <Input {...text('team', 120)} placeholder="Platform" />
      </Field>
      <Field
        id={controls.managerId}
        label="Manager"
        note="optional"
        hint="Decides where an access policy asks the manager, and may ask for them."
        error={form.error('managerId')}
      >
        <Combobox
          name="managerId"
          items={items}
          defaultValue={
            items.find((item) => item.value === (form.was('managerId') ?? person?.managerId)) ?? null
          }
          placeholder="Nobody"
          empty="Nobody of that name"
        />
      </Field>
      <ReadingFields
        timeZone={person?.timeZone ?? null}
        locale={person?.locale ?? null}
        usual={page.usualZone}
        zones={page.zones}
        now={now}
        error={form.error}
      />
      <div className="row">
        <SubmitButton variant="primary" pending={form.pending}>
          {person ? 'Save' : 'Add the person'}
        </SubmitButton>
        <LinkButton href={backHref}>Cancel</LinkButton>
      </div>
    </form>
  )
}
