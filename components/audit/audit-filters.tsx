'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { FilterChip } from '@/components/ui/filter-chip'
import { FilterSheet } from '@/components/ui/filter-sheet'
import { Icon } from '@/components/ui/icon'
import { OptionFilter, Options } from '@/components/ui/option-filter'
import { type AuditView, auditFilterCount, changedAudit, plainAuditView } from '@/lib/audit-url'
import { kindLabel } from '@/lib/audit-words'
import { applications, people } from './ask'
import { KindChoices, KindFilter, VerbChoices, VerbFilter } from './list-filter'
import { PartChoices, PartFilter } from './part-filter'
import { TimeChoices, TimeFilterChip } from './time-filter'

export interface AuditFiltersProps {
  readonly view: AuditView
  readonly names: Readonly<Record<string, string>>
  readonly show: (view: AuditView) => void
}

/** One chip per filter. On a phone the chips are in a sheet. */
export function AuditFilters({ view, names, show }: AuditFiltersProps) {
  const [sheet, setSheet] = useState(false)
  const change = (changes: Parameters<typeof changedAudit>[1]) => show(changedAudit(view, changes))
  const count = auditFilterCount(view)
  const { object } = view
  return (
    <section className="g-filters" aria-label="Filters">
      <span className="not-phone contents">
        <OptionFilter
          source={people}
          chosen={view.people}
          names={names}
          onChange={(ids) => change({ people: ids })}
        />
        {view.people.length > 0 ? (
          <PartFilter value={view.part} onChange={(part) => change({ part })} />
        ) : null}
        <VerbFilter chosen={view.verbs} onChange={(verbs) => change({ verbs })} />
        <KindFilter chosen={view.kinds} onChange={(kinds) => change({ kinds })} />
        <OptionFilter
          source={applications}
          chosen={view.applications}
          names={names}
          onChange={(ids) => change({ applications: ids })}
        />
        <TimeFilterChip value={view.time} onChange={(time) => change({ time })} />
        {object ? (
          <FilterChip
            label={`This ${kindLabel(object.type).toLowerCase()}`}
            value={names[`${object.type}:${object.id}`] || object.id.slice(0, 8)}
            onRemove={() => change({ object: null })}
          />
        ) : null}
        {count > 0 ? (
          <Button variant="ghost" size="sm" onClick={() => show(plainAuditView)}>
            Clear all
          </Button>
        ) : null}
      </span>
      <button
        type="button"
        className="chip phone-filter only-phone"
        aria-haspopup="dialog"
        onClick={() => setSheet(true)}
      >
        <Icon name="list-filter" />
        {count ? `Filters · ${count}` : 'Filters'}
      </button>
      {sheet ? (
        <FilterSheet
          parts={parts}
          done="Show the entries"
          onClear={count > 0 ? () => show(plainAuditView) : undefined}
          onClose={() => setSheet(false)}
        >
          {(part) => <Choices {...{ part, view, names, change }} />}
        </FilterSheet>
      ) : null}
    </section>
  )
}

const parts = [
  ['person', 'Person'],
  ['verb', 'What happened'],
  ['kind', 'Object'],
  ['application', 'Application'],
  ['time', 'Time'],
] as const

type ChoicesProps = Pick<AuditFiltersProps, 'view' | 'names'> & {
  part: (typeof parts)[number][0]
  change: (changes: Parameters<typeof changedAudit>[1]) => void
}

/** The choices of one kind, in the sheet of a phone. */
function Choices({ part, view, names, change }: ChoicesProps) {
  return (
    <>
      {view.object ? (
        <p className="hint mb-2">
          Only {names[`${view.object.type}:${view.object.id}`] || 'one object'}.{' '}
          <button type="button" className="link-btn" onClick={() => change({ object: null })}>
            Show every object
          </button>
        </p>
      ) : null}
      {part === 'person' ? (
        <>
          {view.people.length > 0 ? (
            <PartChoices value={view.part} onChange={(next) => change({ part: next })} />
          ) : null}
          <Options
            source={people}
            chosen={view.people}
            names={names}
            onChange={(ids) => change({ people: ids })}
          />
        </>
      ) : null}
      {part === 'application' ? (
        <Options
          source={applications}
          chosen={view.applications}
          names={names}
          onChange={(ids) => change({ applications: ids })}
        />
      ) : null}
      {part === 'verb' ? <VerbChoices chosen={view.verbs} onChange={(verbs) => change({ verbs })} /> : null}
      {part === 'kind' ? <KindChoices chosen={view.kinds} onChange={(kinds) => change({ kinds })} /> : null}
      {part === 'time' ? <TimeChoices value={view.time} onChange={(time) => change({ time })} /> : null}
    </>
  )
}
