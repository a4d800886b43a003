'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo, useRef, useState, useTransition } from 'react'
import type { ComboItem } from '@/components/ui/combobox'
import { Stepper } from '@/components/ui/stepper'
import { useToast } from '@/components/ui/toast'
import { type FormState, idle } from '@/lib/form'
import { type SendForm, sent } from '@/lib/forms/state'
import { policyDifferences } from '@/lib/policy-differences'
import type { PolicyEditorData } from '@/lib/policy-views'
import { roleApprovers } from './approval-step-card'
import { CoverageGaps } from './coverage-gaps'
import { EditorFoot } from './editor-foot'
import { LeftWork } from './left-work'
import { StepApproval } from './step-approval'
import { StepDetails } from './step-details'
import { StepDuration } from './step-duration'
import { StepEntitlements } from './step-entitlements'
import { StepRequesters } from './step-requesters'
import { StepReview } from './step-review'
import { editorSteps, focusField, problemsOf, type StepKey, stepHref } from './steps'
import { PolicySummary } from './summary'
import { type Draft, forgetKept, lapsedWords, type Replaced, type Saved, useDraft } from './use-draft'
import { WhoAsked } from './who-asked'

type Props = {
  data: PolicyEditorData
  step: StepKey
  floorSeconds: number
  save: SendForm<Saved>
  publish: SendForm<Replaced>
  now: Date
  zone: string
}

/** The stepped editor of one policy. Every step has an address; the draft is saved on the way. */
export function PolicyEditor({ data, step, floorSeconds, save, publish, now, zone }: Props) {
  const router = useRouter()
  const toast = useToast()
  const editor = useDraft(data, floorSeconds, save)
  const { draft, define, coverage, index, applications } = editor
  const [refusal, setRefusal] = useState<FormState<Saved>>(idle)
  const [lapse, setLapse] = useState(false)
  const [publishing, startPublish] = useTransition()
  const seen = useSeen(step, data.current !== null)
  const items = useItems(data)
  const at = editorSteps.findIndex((s) => s.key === step)
  const problems = { ...refusalProblems(refusal), ...editor.problems }
  const here = problemsOf(problems, step)
  const shown = seen.isSeen(step) ? problems : {}
  const go = (key: StepKey) => router.push(stepHref(data.id, key) as Route)

  // Leaving a step through the stepper saves it too; the buttons below have saved already.
  const saveOnArrival = useRef(editor)
  saveOnArrival.current = editor
  const first = useRef(step)
  useEffect(() => {
    if (first.current === step) return
    first.current = step
    if (saveOnArrival.current.dirty) saveOnArrival.current.saveThen()
    document.getElementById('policy-question')?.focus()
  }, [step])

  function next() {
    seen.mark(step)
    const [problem] = here
    const following = editorSteps[at + 1]
    // The field shows its error first, so that the focus lands on something that says why.
    if (problem) requestAnimationFrame(() => focusField(problem[0]))
    else if (following) editor.saveThen(() => go(following.key))
  }

  function publishNow() {
    editor.saveThen(() =>
      startPublish(async () => {
        const form = new FormData()
        form.set('policyId', data.id)
        form.set('version', String(editor.version.current))
        if (lapse) form.set('lapsePending', 'on')
        const state = await sent(publish, form)
        setRefusal(state)
        if (state.status !== 'done') return
        forgetKept(data.id)
        toast({
          title: `${draft.name} published`,
          description: `Version ${(data.current?.number ?? 0) + 1} is in force.${lapsedWords(state.result?.lapsed)}`,
        })
        router.push(`/settings/access-management/policies/${data.id}` as Route)
      }),
    )
  }

  const steps = editorSteps.map((s) => {
    const wrong = seen.isSeen(s.key) && s.key !== 'review' && problemsOf(problems, s.key).length > 0
    return {
      ...s,
      href: stepHref(data.id, s.key),
      current: s.key === step,
      error: wrong,
      done: !wrong && s.key !== 'review' && s.key !== step && seen.isSeen(s.key),
    }
  })

  return (
    <div className="p-wrap">
      <Stepper steps={steps} />
      <div className="p-body">
        <div className="min-w-0">
          <LeftWork left={editor.left} take={editor.takeLeft} />
          {step === 'details' ? (
            <StepDetails draft={draft} update={editor.update} problems={shown} />
          ) : step === 'entitlements' ? (
            <StepEntitlements
              choices={data.entitlements}
              chosen={draft.definition.entitlementIds}
              choose={(entitlementIds) => define({ entitlementIds })}
              problems={shown}
            />
          ) : step === 'requesters' ? (
            <StepRequesters
              definition={draft.definition}
              define={define}
              people={items.people}
              groups={items.groups}
              names={data.names}
              eligible={coverage.eligible}
              problems={shown}
            />
          ) : step === 'approval' ? (
            <StepApproval
              definition={draft.definition}
              define={define}
              approvers={items.approvers}
              groups={items.groups}
              names={data.names}
              poolOf={(s) => index.pool(s, applications)}
              problems={problems}
            />
          ) : step === 'duration' ? (
            <StepDuration
              definition={draft.definition}
              define={define}
              floorSeconds={floorSeconds}
              where={whereOf(data, applications)}
              problems={problems}
            />
          ) : (
            <StepReview
              data={data}
              definition={draft.definition}
              coverage={coverage}
              problems={problems}
              now={now}
              zone={zone}
              lapse={lapse}
              setLapse={setLapse}
            />
          )}
        </div>
        <div className="rail-col">
          {step === 'approval' ? (
            <>
              <WhoAsked
                definition={draft.definition}
                directory={data.directory}
                index={index}
                people={items.people}
                applicationIds={applications}
                offered={data.entitlements.filter((e) => draft.definition.entitlementIds.includes(e.id))}
              />
              <CoverageGaps
                coverage={coverage}
                definition={draft.definition}
                addOwners={(i) =>
                  define({
                    steps: draft.definition.steps.map((s, n) =>
                      n === i ? { ...s, approvers: [...s.approvers, { kind: 'owners' }] } : s,
                    ),
                  })
                }
              />
            </>
          ) : null}
          <PolicySummary
            draft={draft}
            step={step}
            seen={seen.isSeen}
            problems={problems}
            names={data.names}
            eligible={coverage.eligible}
            current={data.current}
          />
        </div>
      </div>
      <EditorFoot
        policyId={data.id}
        step={step}
        here={step === 'review' || seen.isSeen(step) ? here : []}
        definition={draft.definition}
        dirty={editor.dirty}
        saved={data.hasDraft || editor.answer.status === 'done'}
        busy={editor.pending || publishing}
        answer={refusal.status === 'idle' ? editor.answer : refusal}
        number={(data.current?.number ?? 0) + 1}
        unchanged={saysTheSame(data, draft)}
        back={() => {
          const before = editorSteps[at - 1]
          if (before) editor.saveThen(() => go(before.key))
        }}
        next={next}
        save={() => editor.saveThen(() => toast({ title: 'Draft saved' }))}
        publish={publishNow}
      />
    </div>
  )
}

/** Which steps somebody has been on: those before the first one opened, and those left since. */
function useSeen(step: StepKey, published: boolean) {
  const before = (key: StepKey) => {
    const at = editorSteps.findIndex((s) => s.key === key)
    return editorSteps.slice(0, at).map((s) => s.key)
  }
  const [seen, setSeen] = useState<ReadonlySet<StepKey>>(
    () => new Set(published ? editorSteps.map((s) => s.key) : before(step)),
  )
  const all = new Set([...seen, ...before(step)])
  // What starts out right is judged while it is written.
  const live: readonly StepKey[] = ['approval', 'duration', 'review']
  return {
    isSeen: (key: StepKey) => all.has(key) || (key === step && live.includes(key)),
    mark: (key: StepKey) => setSeen(new Set([...all, key])),
  }
}

/** Whether publishing would change nothing: neither the rules nor what the policy is called. */
function saysTheSame({ current, names }: PolicyEditorData, draft: Draft): boolean {
  if (!current || draft.name.trim() !== current.name) return false
  return policyDifferences(current.definition, draft.definition, names).length === 0
}

function useItems(data: PolicyEditorData) {
  return useMemo(() => {
    const people = data.directory.people.map(
      (p): ComboItem => ({ value: p.id, label: p.name, sub: data.teams[p.id], kind: 'person' }),
    )
    const groups = data.directory.groups.map(
      (g): ComboItem => ({
        value: g.id,
        label: g.name,
        sub: g.memberIds.length === 1 ? '1 person' : `${g.memberIds.length} people`,
        kind: 'group',
      }),
    )
    const approvers = [
      ...roleApprovers,
      ...groups.map((g) => ({ ...g, value: `group:${g.value}` })),
      ...people.map((p) => ({ ...p, value: `person:${p.value}` })),
    ]
    return { people, groups, approvers }
  }, [data.directory, data.teams])
}

function whereOf(data: PolicyEditorData, applicationIds: readonly string[]): string {
  const [only, ...more] = data.directory.applications.filter((a) => applicationIds.includes(a.id))
  return only && more.length === 0 ? only.name : 'the application'
}

function refusalProblems(state: FormState<Saved>): Record<string, string> {
  if (state.status !== 'refused') return {}
  return Object.fromEntries(
    Object.entries(state.lastResult?.error ?? {}).flatMap(([path, messages]) =>
      path && messages?.[0] ? [[path, messages[0]]] : [],
    ),
  )
}
