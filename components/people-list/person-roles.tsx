'use client'

import { Button } from '@/components/ui/button'
import { ConfirmDialog, type Consequence } from '@/components/ui/confirm-dialog'
import { useToast } from '@/components/ui/toast'
import type { SendForm } from '@/lib/forms/state'
import type { PersonPage } from '@/lib/people-views'
import { act, wrongWith } from './send'

type Role = 'admin' | 'auditor'
type Props = {
  page: Pick<PersonPage, 'id' | 'name'>
  changes: NonNullable<PersonPage['roleChanges']>
  self: boolean
  setRole: SendForm<null>
}

const nouns = { admin: 'an admin', auditor: 'an auditor' } as const
const may = {
  admin: 'Changes access policies, applications and people.',
  auditor: 'Reads everything, changes nothing.',
} as const

/** What a person is beside a member, and the buttons that change it. Both are said again before it is done. */
export function PersonRoles({ page, changes, self, setRole }: Props) {
  return (
    <section className="card" aria-labelledby="person-roles">
      <div className="card-head">
        <h2 className="card-title" id="person-roles">
          Roles
        </h2>
      </div>
      <ul className="role-list">
        {(['admin', 'auditor'] as const).map((role) => (
          <li key={role}>
            <span className="cell2">
              <span className="b">{role === 'admin' ? 'Admin' : 'Auditor'}</span>
              <small>{may[role]}</small>
            </span>
            <RoleButton role={role} {...{ page, changes, self, setRole }} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function RoleButton({ role, page, changes, self, setRole }: Props & { role: Role }) {
  const toast = useToast()
  const has = changes[role]
  const label = `${has ? 'Take the role' : `Make ${nouns[role]}`}`
  if (has && role === 'admin' && changes.keepsAdmin)
    return (
      <Button size="sm" reason={changes.keepsAdmin}>
        {label}
      </Button>
    )
  const they = self ? 'You' : page.name
  const done = has
    ? `${they} ${self ? 'are' : 'is'} no longer ${nouns[role]}`
    : `${page.name} is ${nouns[role]}`
  return (
    <ConfirmDialog
      title={
        has
          ? `Take from ${self ? 'yourself' : page.name} the role of ${nouns[role]}?`
          : `Make ${page.name} ${nouns[role]}?`
      }
      consequences={consequences(role, has, self)}
      confirmLabel={has ? 'Take the role' : `Make ${nouns[role]}`}
      keepLabel="Leave it as it is"
      tone={has ? 'danger' : 'primary'}
      reason={{ label: 'Reason', required: true, hint: 'It stays in the timeline, and all admins read it.' }}
      onConfirm={async (reason) => {
        const state = await act(setRole, { personId: page.id, role, to: has ? 'taken' : 'given', reason })
        const wrong = wrongWith(state)
        if (wrong) return wrong
        toast({ title: done })
        return null
      }}
      trigger={
        <Button size="sm" variant={has ? 'danger' : 'default'} aria-label={`${label}: ${role}`}>
          {label}
        </Button>
      }
    />
  )
}

function consequences(role: Role, has: boolean, self: boolean): Consequence[] {
  const told = { icon: 'send', text: 'All admins are told by mail, and whoever it is about.' } as const
  if (!has)
    return [
      {
        icon: 'user-check',
        tone: role === 'admin' ? 'warn' : undefined,
        text: `${may[role]} From their next click on.`,
      },
      told,
    ]
  return [
    {
      icon: 'user-x',
      tone: 'warn',
      text: self
        ? 'You may not change this back yourself.'
        : 'They stay a member: they may ask, and decide where they are asked.',
    },
    told,
  ]
}
