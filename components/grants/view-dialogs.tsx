'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { Input } from '@/components/ui/input'
import { useToast } from '@/components/ui/toast'
import { sent } from '@/lib/forms/state'
import type { SavedView } from '@/lib/grant-views'
import { formOf, type GrantActs, problemOf } from './acts'

/** Gives the present filters a name. */
export function SaveDialog(props: {
  query: string
  name?: string
  act: GrantActs['keepView']
  close: () => void
}) {
  const { query, act, close } = props
  const [problem, setProblem] = useState<string | null>(null)
  const [pending, setPending] = useState(false)
  const toast = useToast()
  async function save(form: FormData) {
    const name = String(form.get('name') ?? '').trim()
    if (!name) return setProblem('Give the view a name')
    setPending(true)
    const wrong = problemOf(await sent(act, formOf({ name, query })))
    setPending(false)
    setProblem(wrong)
    if (wrong) return
    toast({ title: `View “${name}” saved`, description: 'It stands under Views, for you alone.' })
    close()
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : close())}
      title="Save this view"
      description="Keeps the filters, the order and the columns as they are now. The same name replaces."
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void save(new FormData(event.currentTarget))
        }}
      >
        <Field label="Name" error={problem} required>
          <Input name="name" maxLength={60} defaultValue={props.name ?? ''} />
        </Field>
        <div className="dialog-acts">
          <DialogClose>
            <Button>Cancel</Button>
          </DialogClose>
          <Button type="submit" variant="primary" pending={pending}>
            Save view
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Forgets named filters. */
export function DeleteDialog(props: {
  saved: readonly SavedView[]
  act: GrantActs['dropView']
  close: () => void
}) {
  const { saved, act, close } = props
  const [problem, setProblem] = useState<string | null>(null)
  const [pending, setPending] = useState<string | null>(null)
  async function drop(viewId: string) {
    setPending(viewId)
    setProblem(problemOf(await sent(act, formOf({ viewId }))))
    setPending(null)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : close())}
      title="Delete a view"
      description="The grants stay as they are; only the named filters go."
      actions={
        <DialogClose>
          <Button>Done</Button>
        </DialogClose>
      }
    >
      {saved.length === 0 ? <p className="hint">No view of yours is left.</p> : null}
      <ul className="g-outcome">
        {saved.map((one) => (
          <li key={one.id} className="row">
            <span className="grow trunc">{one.name}</span>
            <Button
              size="sm"
              variant="danger"
              icon="trash"
              pending={pending === one.id}
              aria-label={`Delete view ${one.name}`}
              onClick={() => void drop(one.id)}
            >
              Delete
            </Button>
          </li>
        ))}
      </ul>
      {problem ? (
        <p className="field-error" role="alert">
          {problem}
        </p>
      ) : null}
    </Dialog>
  )
}
