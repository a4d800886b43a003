'use client'

import { useEffect, useMemo, useRef, useState, useTransition } from 'react'
import { completeDefinition, type PolicyDefinition, policyProblems } from '@/lib/domain/policy'
import { type FormState, idle } from '@/lib/form'
import { type SendForm, sent } from '@/lib/forms/state'
import { approvalIndex, type Coverage, unknownNames, unknownWords } from '@/lib/policy-coverage'
import type { PolicyEditorData } from '@/lib/policy-views'
import type { Problems } from './steps'

export type Saved = { policyId: string; version: number }
/** The same after publishing or archiving, with how many pending requests lapsed by it. */
export type Replaced = Saved & { lapsed: number }

/** How many requests lapsed by it, as a sentence after another. */
export function lapsedWords(lapsed = 0): string {
  if (lapsed === 0) return ''
  return lapsed === 1 ? ' 1 request lapsed.' : ` ${lapsed} requests lapsed.`
}

/** What the editor edits. */
export interface Draft {
  readonly name: string
  readonly description: string
  readonly definition: PolicyDefinition
}

/** What the browser keeps of unsaved work, so that a reload loses nothing. */
interface Kept extends Draft {
  readonly version: number
}

const keyOf = (policyId: string) => `leasehold.policy.${policyId}`

function readKept(policyId: string): Kept | null {
  try {
    const text = sessionStorage.getItem(keyOf(policyId))
    if (!text) return null
    const kept = JSON.parse(text) as Kept
    // What was kept by an earlier release lacks what has come since.
    return { ...kept, definition: completeDefinition(kept.definition) }
  } catch {
    return null
  }
}

function writeKept(policyId: string, kept: Kept | null): void {
  try {
    if (kept) sessionStorage.setItem(keyOf(policyId), JSON.stringify(kept))
    else sessionStorage.removeItem(keyOf(policyId))
  } catch {
    // A browser that keeps nothing still saves on every step.
  }
}

/** Lets go of unsaved work: it was published, or thrown away. */
export const forgetKept = (policyId: string) => writeKept(policyId, null)

/** The draft in the browser: what it says, what is wrong with it, and how it is saved. */
export function useDraft(data: PolicyEditorData, floorSeconds: number, send: SendForm<Saved>) {
  const [draft, setDraft] = useState<Draft>(() => ({
    name: data.name,
    description: data.description ?? '',
    definition: data.definition,
  }))
  const [dirty, setDirty] = useState(false)
  const [answer, setAnswer] = useState<FormState<Saved>>(idle)
  /** Unsaved work of an earlier visit that somebody else's save came in between of. */
  const [left, setLeft] = useState<Kept | null>(null)
  const [pending, start] = useTransition()
  const version = useRef(data.version)
  const edits = useRef(0)

  useEffect(() => {
    const kept = readKept(data.id)
    if (!kept) return
    if (kept.version === version.current) {
      setDraft({ name: kept.name, description: kept.description, definition: kept.definition })
      setDirty(true)
    } else setLeft(kept)
  }, [data.id])

  function update(change: Partial<Draft>) {
    edits.current++
    const next = { ...draft, ...change }
    setDraft(next)
    setDirty(true)
    setAnswer(idle)
    writeKept(data.id, { ...next, version: version.current })
  }

  function define(change: Partial<PolicyDefinition>) {
    update({ definition: { ...draft.definition, ...change } })
  }

  /** Saves what stands now. @returns whether it is saved */
  async function save(): Promise<boolean> {
    const at = edits.current
    const form = new FormData()
    form.set('policyId', data.id)
    form.set('version', String(version.current))
    form.set('name', draft.name)
    form.set('description', draft.description)
    form.set('definition', JSON.stringify(draft.definition))
    const state = await sent(send, form)
    setAnswer(state)
    if (state.status !== 'done' || !state.result) return false
    version.current = state.result.version
    if (edits.current === at) {
      setDirty(false)
      writeKept(data.id, null)
    } else writeKept(data.id, { ...draft, version: version.current })
    return true
  }

  /** Runs what follows a save, or stays where one is when it was refused. */
  function saveThen(next?: () => void) {
    start(async () => {
      if (!dirty || (await save())) next?.()
    })
  }

  function takeLeft(keep: boolean) {
    if (keep && left) update({ name: left.name, description: left.description, definition: left.definition })
    else writeKept(data.id, null)
    setLeft(null)
  }

  const judged = useJudgement(draft, data, floorSeconds)
  return {
    draft,
    update,
    define,
    dirty,
    pending,
    answer,
    saveThen,
    left,
    takeLeft,
    version,
    ...judged,
  }
}

/** Everything wrong with a draft as far as the browser can know; the server asks again when publishing. */
function useJudgement(draft: Draft, data: PolicyEditorData, floorSeconds: number) {
  const index = useMemo(() => approvalIndex(data.directory), [data.directory])
  const applications = useMemo(() => {
    const chosen = new Set(draft.definition.entitlementIds)
    return [...new Set(data.entitlements.filter((e) => chosen.has(e.id)).map((e) => e.applicationId))]
  }, [draft.definition.entitlementIds, data.entitlements])
  const coverage = useMemo(
    () => index.coverage(draft.definition, applications),
    [index, draft.definition, applications],
  )
  const problems = useMemo(
    () => problemsIn(draft, data, floorSeconds, coverage),
    [draft, data, floorSeconds, coverage],
  )
  return { index, applications, coverage, problems }
}

function problemsIn(
  draft: Draft,
  data: PolicyEditorData,
  floorSeconds: number,
  coverage: Coverage,
): Problems {
  const problems: Record<string, string> = {}
  if (draft.name.trim() === '') problems.name = 'Give the policy a name'
  else if (draft.name.trim().length > 80) problems.name = 'At most 80 characters'
  if (draft.description.length > 500) problems.description = 'At most 500 characters'
  Object.assign(problems, policyProblems(draft.definition, floorSeconds))
  const known = new Map(data.entitlements.map((e) => [e.id, e]))
  for (const id of draft.definition.entitlementIds) {
    const choice = known.get(id)
    if (choice && !choice.why) continue
    problems.entitlementIds ??= choice
      ? `${choice.name} on ${choice.application} cannot be offered: ${lower(choice.why ?? '')}`
      : 'An entitlement of this policy does not exist any more. Choose again'
  }
  for (const { path, id } of unknownNames(draft.definition, data.directory))
    problems[path] ??= unknownWords(data.names.groups[id]?.name ?? data.names.people[id])
  const [worst] = coverage.hopeless
  if (worst && coverage.eligible > 0) {
    const place = data.directory.applications.find((a) => a.id === worst.applicationId)
    problems[`steps.${worst.step}.approvers`] ??=
      `Nobody could agree to a request for ${place?.name ?? 'this'}: on this step too few people are left`
  }
  if (coverage.eligible === 0) problems.requesters ??= 'At present nobody is in these groups'
  return problems
}

const lower = (text: string) => text.charAt(0).toLowerCase() + text.slice(1)
