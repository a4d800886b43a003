'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState, useTransition } from 'react'
import { Button } from '@/components/ui/button'
import { RadioGroup } from '@/components/ui/choice'
import { Field, Fieldset } from '@/components/ui/field'
import { MOST_BYTES } from '@/lib/directory-file'

/** Chooses a file and sends it; its page opens next. What is wrong with it is said here, and it stays chosen. */
export function ImportUpload() {
  const router = useRouter()
  const [problem, setProblem] = useState<string | null>(null)
  const [pending, start] = useTransition()

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const element = event.currentTarget
    const file = form.get('file')
    const wrong =
      !(file instanceof File) || file.name === ''
        ? 'Choose a file'
        : file.size > MOST_BYTES
          ? 'This file is larger than 1 MB. Split it'
          : null
    setProblem(wrong)
    if (wrong || !(file instanceof File)) {
      element.querySelector<HTMLElement>('input[type="file"]')?.focus()
      return
    }
    start(async () => {
      const search = new URLSearchParams({ kind: String(form.get('kind')), name: file.name })
      const sent = await upload(`/settings/people/import/upload?${search}`, file)
      if ('importId' in sent) router.push(`/settings/people/import/${sent.importId}` as Route)
      else setProblem(sent.message)
    })
  }

  return (
    <form className="card card-pad stack gap-5!" onSubmit={submit} noValidate>
      <Fieldset legend="What it holds">
        <RadioGroup
          name="kind"
          defaultValue="people"
          options={[
            { value: 'people', label: 'People', hint: 'One line for each person.' },
            { value: 'groups', label: 'Groups', hint: 'One line for each member of a group.' },
          ]}
        />
      </Fieldset>
      <Field id="import-file" label="File" required error={problem}>
        <input
          id="import-file"
          className="input file-input"
          type="file"
          name="file"
          accept=".csv,text/csv"
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? 'import-file-error' : undefined}
        />
      </Field>
      <noscript>
        <p className="hint">Uploading needs scripts, which are switched off in this browser.</p>
      </noscript>
      <div className="row">
        <Button type="submit" variant="primary" icon="upload" pending={pending}>
          Look at it
        </Button>
      </div>
    </form>
  )
}

async function upload(to: string, file: File): Promise<{ importId: string } | { message: string }> {
  try {
    const answer = await fetch(to, { method: 'POST', body: file, headers: { 'content-type': 'text/csv' } })
    // To whoever is no admin any more there is no such door, which is said as text.
    return answer.status === 404 ? { message: (await answer.text()).trim() } : await answer.json()
  } catch {
    return {
      message: 'Leasehold gave no answer. The file is still chosen: make sure you are online and try again',
    }
  }
}
