'use client'

import clsx from 'clsx'
import { useState } from 'react'
import { Avatar } from '@/components/ui/avatar'
import { Button } from '@/components/ui/button'
import { Combobox, type ComboItem } from '@/components/ui/combobox'
import { Field } from '@/components/ui/field'
import { Callout } from '@/components/ui/labels'
import { Select } from '@/components/ui/select'
import { blockedStep, type PolicyDefinition, votesNeeded } from '@/lib/domain/policy'
import type { approvalIndex, Coverage, PolicyDirectory } from '@/lib/policy-coverage'

type Props = {
  definition: PolicyDefinition
  directory: PolicyDirectory
  index: ReturnType<typeof approvalIndex>
  people: readonly ComboItem[]
  /** The applications whose owners may be asked. */
  applicationIds: readonly string[]
}

/** Resolves the approval steps for a real person, as they stand now. */
export function WhoAsked({ definition, directory, index, people, applicationIds }: Props) {
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
          </>
        ) : (
          <p className="ink2">Nobody may ask at present. Say who on the step before.</p>
        )}
      </div>
    </section>
  )
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

type GapsProps = {
  coverage: Coverage
  definition: PolicyDefinition
  /** Adds the application's owners to a step; absent where nothing can be edited. */
  addOwners?: (step: number) => void
}

/** Says for whom nobody could agree. An empty step means that nobody can, never that everybody can. */
export function CoverageGaps({ coverage, definition, addOwners }: GapsProps) {
  const { blocked, eligible } = coverage
  const [first] = blocked
  if (!first) return null
  const shown = blocked.slice(0, 3).map((b) => b.name)
  const rest = blocked.length - shown.length
  const who = rest > 0 ? `${shown.join(', ')} and ${rest} more` : listed(shown)
  const same = blocked.every((b) => b.step === first.step)
  const step = same ? definition.steps[first.step] : undefined
  const mend = addOwners && step && !step.approvers.some((ref) => ref.kind === 'owners')
  return (
    <Callout tone="warn">
      <p className="b">
        For {blocked.length} of {eligible === 1 ? '1 person' : `${eligible} people`} nobody could agree
      </p>
      <p>
        {who}: {same ? `step ${first.step + 1}` : 'a step'} has too few people left, and an empty step means
        nobody can.
      </p>
      {mend ? (
        <Button variant="ghost" size="sm" className="mt-1 -ml-2" onClick={() => addOwners(first.step)}>
          Add the application owners to step {first.step + 1}
        </Button>
      ) : null}
    </Callout>
  )
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
