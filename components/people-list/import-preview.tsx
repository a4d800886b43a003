'use client'

import { type FormEvent, useState, useTransition } from 'react'
import { Button, LinkButton } from '@/components/ui/button'
import { CheckboxField } from '@/components/ui/choice'
import { FieldError } from '@/components/ui/field'
import { Callout } from '@/components/ui/labels'
import { useToast } from '@/components/ui/toast'
import type { PlannedLine } from '@/lib/directory-plan'
import type { SendForm } from '@/lib/forms/state'
import type { ImportPage } from '@/lib/people-views'
import { act, wrongWith } from './send'

type Outcome = NonNullable<ImportPage['outcome']>
type Props = { page: ImportPage; confirm: SendForm<Outcome> }

const counted = (n: number, one: string, many: string) => `${n.toLocaleString('en')} ${n === 1 ? one : many}`

/** What a file would do, line by line, and the button that does it. Afterwards: what came of it, and what is left. */
export function ImportPreview({ page, confirm }: Props) {
  const { counts, missing } = page
  const doable = counts.made + counts.changed
  const [one, many] = page.kind === 'people' ? ['person is', 'people are'] : ['member is', 'members are']
  return (
    <div className="mt-5 stack gap-4! max-w-4xl">
      {page.outcome ? <Done outcome={page.outcome} kind={page.kind} /> : null}
      {page.startedAt && !page.outcome ? (
        <Callout tone="warn" icon="hourglass">
          This import was begun and has not ended yet, or it was cut short. What is left is shown below.
        </Callout>
      ) : null}
      <section className="card card-pad" aria-labelledby="import-sum">
        <h2 className="section-title" id="import-sum">
          {page.outcome ? 'What is left of it' : 'What it would do'}
        </h2>
        <p className="mt-1">
          {[
            `${counts.made} new`,
            `${counts.changed} changed`,
            `${counts.unchanged} unchanged`,
            counted(counts.errors, 'error', 'errors'),
          ].join(' · ')}
        </p>
        {page.unknown.length > 0 ? (
          <p className="hint mt-1">Not read: {page.unknown.join(', ')}. No column here has such a name.</p>
        ) : null}
        <Confirm {...{ page, confirm, doable }} />
      </section>
      <Lines title="Errors" tone="bad" lines={page.errors} total={counts.errors} />
      <Lines title="New" lines={page.made} total={counts.made} />
      <Lines title="Changed" lines={page.changed} total={counts.changed} />
      {missing.length > 0 ? (
        <details className="card card-pad more-of">
          <summary>{counted(missing.length, one, many)} here and not in the file</summary>
          <ul className="import-lines mt-2">
            {missing.map((row) => (
              <li key={row.key}>
                <span className="b">{row.who}</span>
                <span className="ink2">{row.what}, where that is chosen.</span>
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  )
}

function Confirm({ page, confirm, doable }: Props & { doable: number }) {
  const toast = useToast()
  const [gone, setGone] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [pending, start] = useTransition()
  const { missing, kind } = page
  const going = gone ? missing.length : 0

  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    start(async () => {
      const values = { importId: page.id, seen: page.digest, ...(gone && { missing: 'on' }) }
      const state = await act(confirm, values)
      setProblem(wrongWith(state))
      if (state.status === 'done')
        toast({ title: 'Imported', tone: state.result?.failed.length ? 'bad' : 'ok' })
    })
  }

  if (doable + missing.length === 0)
    return (
      <p className="mt-3">
        <LinkButton href="/settings/people/import">Choose another file</LinkButton>
      </p>
    )
  const goingWords =
    kind === 'people'
      ? `Deactivate ${counted(missing.length, 'person', 'people')} whom the file leaves out`
      : `Take ${counted(missing.length, 'member', 'members')} out whom the file leaves out`
  const label = [
    doable > 0 && `Import ${counted(doable, 'line', 'lines')}`,
    going > 0 && `${doable > 0 ? 'and ' : ''}${kind === 'people' ? 'deactivate' : 'take out'} ${going}`,
  ]
    .filter(Boolean)
    .join(' ')
  return (
    <form className="mt-3 stack gap-3!" onSubmit={submit}>
      {missing.length > 0 ? (
        <CheckboxField
          label={goingWords}
          hint={
            kind === 'people'
              ? 'Their sessions end and what they hold is taken. They are listed below. You yourself are never among them.'
              : 'Only from groups that the file names. They are listed below.'
          }
          checked={gone}
          onChange={(event) => setGone(event.currentTarget.checked)}
        />
      ) : null}
      {problem ? (
        <div role="alert">
          <FieldError>{problem}</FieldError>
        </div>
      ) : null}
      <div className="row flex-wrap">
        <Button
          type="submit"
          variant={going > 0 ? 'danger-solid' : 'primary'}
          pending={pending}
          reason={doable + going === 0 ? 'No line would change anything' : undefined}
        >
          {label || 'Import'}
        </Button>
        <LinkButton href="/settings/people/import">Choose another file</LinkButton>
      </div>
      {page.counts.errors > 0 ? (
        <p className="hint">Lines with errors are left out. Mend them in the file and upload it again.</p>
      ) : null}
    </form>
  )
}

function Done({ outcome, kind }: { outcome: Outcome; kind: ImportPage['kind'] }) {
  const { made, changed, gone, failed } = outcome
  return (
    <Callout
      tone={failed.length > 0 ? 'warn' : 'ok'}
      icon={failed.length > 0 ? 'triangle-alert' : 'circle-check'}
    >
      <p>
        Done: {made} new, {changed} {kind === 'people' ? 'changed' : 'joined'}
        {gone > 0 ? `, ${gone} ${kind === 'people' ? 'deactivated' : 'taken out'}` : ''}.
        {failed.length > 0 ? ` ${counted(failed.length, 'did', 'did')} not work:` : ''}
      </p>
      {failed.length > 0 ? (
        <ul className="mt-1 grid list-disc gap-1 pl-5">
          {failed.map((one) => (
            <li key={`${one.line}:${one.who}`}>
              {one.line === null ? '' : `Line ${one.line}, `}
              {one.who}: {one.why}.
            </li>
          ))}
        </ul>
      ) : null}
    </Callout>
  )
}

type LinesProps = { title: string; tone?: 'bad'; lines: readonly PlannedLine[]; total: number }

function Lines({ title, tone, lines, total }: LinesProps) {
  if (lines.length === 0) return null
  const id = `import-${title.toLowerCase()}`
  return (
    <section className="card" aria-labelledby={id}>
      <div className="card-head">
        <h2 className="card-title" id={id}>
          {title}
        </h2>
        <span className="hint num">{total.toLocaleString('en')}</span>
      </div>
      <ul className="import-lines card-pad">
        {lines.map(({ line, who, what }) => (
          <li key={line}>
            <span className="hint num">Line {line}</span>
            <span className="b">{who}</span>
            <span className={tone ? 'c-bad' : 'ink2'}>{what}</span>
          </li>
        ))}
      </ul>
      {total > lines.length ? (
        <p className="hint px-4 pb-3">And {(total - lines.length).toLocaleString('en')} more like these.</p>
      ) : null}
    </section>
  )
}
