'use client'

import clsx from 'clsx'
import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { Dialog, DialogClose } from '@/components/ui/dialog'
import { Icon } from '@/components/ui/icon'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { policyDifferences } from '@/lib/policy-differences'
import { type PolicyNames, policyWords, type Words } from '@/lib/policy-words'
import { Differences } from './differences'
import { Sentence } from './sentence'
import { editorSteps, type Problems, problemsOf, type StepKey } from './steps'
import type { Draft } from './use-draft'

type Props = {
  draft: Draft
  step: StepKey
  /** Only the steps somebody has been on are judged. */
  seen: (step: StepKey) => boolean
  problems: Problems
  names: PolicyNames
  eligible: number
  current: { number: number; definition: PolicyDefinition } | null
}

/** The policy in plain sentences, growing while it is written. */
export function PolicySummary(props: Props) {
  const { draft, step, names, eligible, current, problems } = props
  const said = policyWords(draft.definition, names, { eligible, problems })
  const words: Record<StepKey, readonly Words[]> = {
    details: [draft.name.trim() ? [{ b: draft.name.trim() }, '.'] : ['No name yet.']],
    ...said,
    review: [['Who is affected, then publish.']],
  }
  return (
    <aside className="rail card" aria-label="Summary">
      <div className="card-head">
        <h2 className="card-title">In plain words</h2>
        <span className="grow" />
        {current ? <Compare {...props} current={current} /> : null}
      </div>
      <ol className="words">
        {editorSteps.map(({ key, label }) => {
          const now = key === step
          const wrong = key !== 'review' && props.seen(key) && problemsOf(problems, key).length > 0
          const todo = !now && (key === 'review' || !props.seen(key))
          const icon = wrong ? 'circle-alert' : now ? 'circle-dot' : todo ? 'circle-dashed' : 'circle-check'
          return (
            <li key={key} className={clsx(now && 'now', todo && 'todo')}>
              <Icon name={icon} className={clsx('ic', wrong && 'c-bad')} />
              <div>
                <h3>
                  {label}
                  {now ? ', now' : ''}
                  {wrong ? <span className="sr">, has a problem</span> : null}
                </h3>
                {words[key].map((sentence, i) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: sentences in their order.
                  <Sentence key={i} words={sentence} />
                ))}
              </div>
            </li>
          )
        })}
      </ol>
    </aside>
  )
}

function Compare({ draft, names, current }: Props & { current: NonNullable<Props['current']> }) {
  const [open, setOpen] = useState(false)
  const differences = policyDifferences(current.definition, draft.definition, names)
  return (
    <Dialog
      wide
      open={open}
      onOpenChange={setOpen}
      title={`This draft beside version ${current.number}`}
      description={
        differences.length === 0
          ? 'They say the same.'
          : 'What is crossed out stands in the version in force and goes when you publish.'
      }
      trigger={
        <button type="button" className="link-btn t-xs">
          Compare with version {current.number}
        </button>
      }
      actions={
        <DialogClose>
          <Button>Back to the draft</Button>
        </DialogClose>
      }
    >
      <Differences differences={differences} />
    </Dialog>
  )
}
