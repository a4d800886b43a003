'use client'

import clsx from 'clsx'
import { useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Combobox, type ComboItem } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import {
  type ApprovalStep,
  blockedStep,
  type PolicyDefinition,
  type Risk,
  standingStep,
  votesNeeded,
} from '@/lib/domain/policy'
import { formatDuration } from '@/lib/format'
import type { approvalIndex, PolicyDirectory } from '@/lib/policy-coverage'
import { outlookWords, plain } from '@/lib/policy-words'
import { ExtensionAsked } from './extension-asked'
import { listed } from './listed'

type Props = {
  definition: PolicyDefinition
  directory: PolicyDirectory
  index: ReturnType<typeof approvalIndex>
  people: readonly ComboItem[]
  /** The applications whose owners may be asked. */
  applicationIds: readonly string[]
  /** How risky what the policy offers is. */
  offered: readonly { readonly applicationId: string; readonly risk: Risk }[]
}

/** Resolves the approval steps for a real person, as they stand now. */
export function WhoAsked(props: Props) {
  const { definition, directory, index, people, applicationIds, offered } = props
  const eligible = index.eligible(definition.requesters)
  const [personId, setPersonId] = useState<string | null>(null)
  const [applicationId, setApplicationId] = useState<string | null>(null)
  const asker = personId ?? eligible[0] ?? null
  const place =
    applicationId && applicationIds.includes(applicationId) ? applicationId : (applicationIds[0] ?? null)
  const may = new Set(eligible)
  const items = people.filter((p) => may.has(p.value))
  const asked = asker ? index.asked(definition.steps, asker, place) : []
  const stuck = asker ? blockedStep(definition.steps, asked) : null
  const risks = offered.filter((e) => e.applicationId === place).map((e) => e.risk)
  const outlook = asker ? index.automatic(definition, asker, risks) : null
  const fallback = asker ? index.fallback(asker, place) : null
  const names = new Map(directory.people.map((p) => [p.id, p.name]))
  const applications = directory.applications.filter((a) => applicationIds.includes(a.id))
  return (
    <section className="card" aria-labelledby="policy-who">
      <div className="card-head">
        <h2 className="card-title" id="policy-who">
          Who would be asked?
        </h2>
      </div>
      <div className="who">
        {asker ? (
          <>
            <Field label="If this person asks">
              <Combobox
                items={items}
                value={items.find((p) => p.value === asker) ?? null}
                onValueChange={(item) => setPersonId(item?.value ?? null)}
              />
            </Field>
            {applications.length > 1 ? (
              <Field label="For something on" className="mt-3">
                <Select
                  value={place ?? undefined}
                  options={applications.map((a) => ({ value: a.id, label: a.name }))}
                  onValueChange={setApplicationId}
                />
              </Field>
            ) : null}
            {outlook ? <p className="mt-3">{plain(outlookWords(outlook))}</p> : null}
            <ol className="asked">
              {definition.steps.map((step, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the steps are their order.
                <li key={i}>
                  <span className="sn" aria-hidden="true">
                    {i + 1}
                  </span>
                  <h3>
                    {needWords(votesNeeded(step, asked[i]?.length ?? 0), asked[i]?.length ?? 0)}
                    {i > 0 ? `, once step ${i} agreed` : ', now'}
                  </h3>
                  {(asked[i] ?? []).map((id) => (
                    <div className="pp" key={id}>
                      <Avatar name={names.get(id) ?? ''} size={20} />
                      <span className="nm">{names.get(id)}</span>
                    </div>
                  ))}
                  {fallback && step.escalateSeconds ? (
                    <p className="also">
                      after {formatDuration(step.escalateSeconds)}{' '}
                      {alsoAsked(step, asked[i] ?? [], fallback, names)}
                    </p>
                  ) : null}
                  {named(step, asker, place, directory) ? (
                    <div className={clsx('pp', 'no')}>
                      <Avatar name={names.get(asker) ?? ''} size={20} />
                      <span className="nm">{names.get(asker)}</span>
                      <small>asks, so is not counted</small>
                    </div>
                  ) : null}
                </li>
              ))}
            </ol>
            {stuck === null ? null : (
              <p className="field-error mt-3" role="status">
                Nobody could agree: step {stuck + 1} has too few people left.
              </p>
            )}
            <ExtensionAsked definition={definition} asked={asked} />
          </>
        ) : (
          <p className="ink2">Nobody may ask at present. Say who on the step before.</p>
        )}
      </div>
    </section>
  )
}

/** Who joins a step that waited too long, by name. */
function alsoAsked(
  step: ApprovalStep,
  asked: readonly string[],
  fallback: { owners: readonly string[]; admins: readonly string[] },
  names: ReadonlyMap<string, string>,
): string {
  const later = standingStep(step, asked, {
    fallback: { ...fallback, all: false },
    reassigned: null,
    spent: [],
  })
  const joining = later.approvers.filter((id) => !asked.includes(id)).map((id) => names.get(id) ?? '')
  if (joining.length === 0) return 'nobody more: the fallback is asked already'
  const rest = joining.length - 3
  return rest > 1 ? `also ${joining.slice(0, 3).join(', ')} and ${rest} more` : `also ${listed(joining)}`
}

function needWords(needed: number, people: number): string {
  if (people === 0) return 'Nobody is left to ask'
  if (people === 1 && needed === 1) return 'This person'
  if (needed >= people) return `All of these ${people}`
  return `${needed} of these ${people}`
}

/** Whether the one who asks is in the step's own sets, and so is struck out. */
function named(
  step: PolicyDefinition['steps'][number],
  asker: string,
  place: string | null,
  directory: PolicyDirectory,
): boolean {
  return step.approvers.some((ref) => {
    if (ref.kind === 'person') return ref.id === asker
    if (ref.kind === 'group')
      return directory.groups.find((g) => g.id === ref.id)?.memberIds.includes(asker) ?? false
    if (ref.kind === 'owners')
      return directory.applications.find((a) => a.id === place)?.ownerIds.includes(asker) ?? false
    return false
  })
}
