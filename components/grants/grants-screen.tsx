'use client'

import type { Route } from 'next'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { type ReactNode, useEffect, useMemo, useOptimistic, useRef, useState, useTransition } from 'react'
import { DataTable, type SortState } from '@/components/data-table'
import { LeaseClock } from '@/components/lease/lease-clock'
import { accessCrumbs } from '@/components/shell/crumbs'
import { LiveDot, PageFrame, ZoneNote } from '@/components/shell/page-frame'
import { Button } from '@/components/ui/button'
import { Callout, EmptyState } from '@/components/ui/labels'
import { BulkBar, Pager } from '@/components/ui/list-foot'
import { Segmented } from '@/components/ui/tabs'
import {
  changedView,
  clearedView,
  filterCount,
  type GrantColumn,
  type GrantSort,
  type GrantTab,
  type GrantView,
  grantColumns,
  grantQuery,
  grantSorts,
  grantsHref,
  grantTabs,
  isUsual,
} from '@/lib/grant-url'
import {
  type GrantDetails,
  type GrantListRow,
  type GrantsPage,
  MOST_COUNTED,
  type SavedView,
  type TabCounts,
} from '@/lib/grant-views'
import type { GrantActs } from './acts'
import { grantTableColumns } from './columns'
import { FilterBar } from './filter-bar'
import { GrantCard } from './grant-card'
import { ListBehindContext } from './list-behind'
import { notRevocable, RowMenu } from './row-menu'
import { exportHref, PhoneTools, TableTools } from './table-tools'
import { type ListDialog, listPlace, releaseList, useLiveGrants } from './use-live-grants'
import { useNarrow } from './use-narrow'

// The list comes first: what opens over it is fetched when it opens.
const RevokeDialog = dynamic(() => import('./revoke-dialog').then((module) => module.RevokeDialog))
const BulkRevokeDialog = dynamic(() =>
  import('./bulk-revoke-dialog').then((module) => module.BulkRevokeDialog),
)
const BulkExtendDialog = dynamic(() =>
  import('./bulk-extend-dialog').then((module) => module.BulkExtendDialog),
)

export interface GrantsScreenProps {
  readonly view: GrantView
  /** Sentences about what of the address could not be used. */
  readonly notes: readonly string[]
  readonly page: GrantsPage
  readonly counts: TabCounts
  readonly names: Readonly<Record<string, string>>
  readonly saved: readonly SavedView[]
  readonly details: GrantDetails | null
  /** Whether this person may revoke at all (owners of all that is shown, and admins). */
  readonly mayRevoke: boolean
  readonly now: Date
  readonly zone: string
  readonly acts: GrantActs
  /** What is opened over the list: an `OpenGrant`. */
  readonly children?: ReactNode
}

const tabLabels = { all: 'All', active: 'Active', inactive: 'Inactive', overdue: 'Overdue' } as const
/** What is shown in a narrow window unless one chose columns: the application moves into the entitlement's cell. */
const narrowColumns: readonly GrantColumn[] = ['entitlement', 'status', 'expiry']

/** Access grants: the table, what filters it, and the details of one grant over it. */
export function GrantsScreen(props: GrantsScreenProps) {
  const { view, page, details, zone, acts, mayRevoke } = props
  const router = useRouter()
  const [busy, start] = useTransition()
  const query = grantQuery(view)
  const list = useLiveGrants({ query, rows: page.rows, now: props.now }, details?.row ?? null)
  const [selected, setSelected] = useSelection(query)
  const [dialog, setDialog] = useDialog(query)
  const { now, rows } = list
  const counts = list.counts ?? props.counts
  const frame = useListPlace(query)

  // What is ticked is ticked at once, and the next tick builds on it; the rows follow when the server has them.
  const [wanted, setWanted] = useOptimistic(view)
  const show = (next: GrantView) =>
    start(() => {
      setWanted(next)
      router.push(grantsHref(next) as Route, { scroll: false })
    })
  const showFresh = () => {
    releaseList(props.now)
    start(() => {
      router.push(grantsHref({ ...view, cursor: '' }) as Route, { scroll: false })
      router.refresh()
    })
  }
  useFollowDetails(details, rows)
  const closeDialog = () => setDialog(null)
  const endBulk = () => {
    closeDialog()
    setSelected([])
  }

  const narrow = useNarrow()
  const shown = narrow && isUsual(view) ? narrowColumns : view.columns
  const nameApplication = !shown.includes('application')
  const columns = useMemo(
    () =>
      grantTableColumns({ now: props.now, zone, nameApplication }, (row) => (
        <RowMenu
          row={row}
          view={view}
          onRevoke={setDialog}
          locked={mayRevoke ? null : 'Owners of the application and admins may'}
        />
      )),
    [props.now, zone, nameApplication, view, mayRevoke, setDialog],
  )
  const visibility = Object.fromEntries(grantColumns.map((id) => [id, shown.includes(id)]))
  const chosen = rows.filter((row) => selected.includes(row.id))
  const revocable = chosen.filter((row) => notRevocable(row) === null)
  const extendable = chosen.filter(
    (row) => row.state === 'active' && row.endsAt && !row.pending && !row.emergency,
  )
  const sort = sortOf(view)

  return (
    <LeaseClock now={now}>
      <PageFrame
        bare
        crumbs={[...accessCrumbs, { label: 'Access grants', href: details ? grantsHref(view) : undefined }]}
        title="Access grants"
        phoneActions={<PhoneTools view={view} saved={props.saved} />}
        topRight={
          <>
            <LiveDot stale={list.stale} />
            <ZoneNote />
          </>
        }
      >
        <div className="g-page" ref={frame}>
          <div className="page-head g-head">
            <h1 className="page-title sr-phone">Access grants</h1>
            <Segmented
              label="Which grants"
              items={grantTabs.map((tab) => ({
                href: grantsHref(changedView(view, { tab })),
                label: tabLabels[tab],
                count: countWords(counts[tab], tab),
                hot: tab === 'overdue' && counts.overdue > 0,
                current: view.tab === tab,
              }))}
            />
            <TableTools view={wanted} saved={props.saved} acts={acts} show={show} columns={columns} />
          </div>
          <FilterBar view={wanted} names={props.names} show={show} fresh={list.fresh} onFresh={showFresh} />
          <Notes notes={[...props.notes, ...(page.note ? [page.note] : [])]} />
          <DataTable
            className="g-scroll"
            label="Access grants"
            columns={columns}
            rows={rows}
            rowId={(row) => row.id}
            rowLabel={(row) => `${row.person.name}, ${row.entitlement.name}`}
            rowHref={(row) => grantsHref(view, row.id)}
            openId={details?.row.id}
            sort={sort}
            onSortChange={(next) => show(sortedView(view, next))}
            visibility={visibility}
            selected={selected}
            onSelectedChange={setSelected}
            card={(row) => <GrantCard row={row} now={now} zone={zone} />}
            busy={busy}
            empty={<Empty view={view} onClear={() => show(clearedView(view))} />}
          />
          <footer className="g-foot">
            {selected.length > 0 ? (
              <BulkBar
                count={selected.length}
                note={revocable.length < chosen.length ? `${revocable.length} can be revoked` : undefined}
                acts={[
                  {
                    label: extendable.length > 1 ? `Extend ${extendable.length}…` : 'Extend…',
                    icon: 'timer-reset',
                    onPress: () => setDialog('extend'),
                    reason: bulkReason(mayRevoke, extendable.length, 'extend', 'extended'),
                  },
                  {
                    label: revocable.length > 1 ? `Revoke ${revocable.length}…` : 'Revoke…',
                    icon: 'ban',
                    onPress: () => setDialog('revoke'),
                    reason: bulkReason(mayRevoke, revocable.length, 'revoke', 'revoked'),
                  },
                  {
                    label: 'Export',
                    icon: 'download',
                    onPress: () => window.location.assign(exportHref(view, 'csv', selected)),
                  },
                ]}
                onClear={() => setSelected([])}
              />
            ) : null}
            <Pager
              summary={summary(rows.length, page.matches)}
              previousHref={page.previous ? grantsHref({ ...view, cursor: page.previous }) : undefined}
              nextHref={page.next ? grantsHref({ ...view, cursor: page.next }) : undefined}
            />
          </footer>
        </div>
        <ListBehindContext value={{ rows, view, now, zone, acts }}>{props.children}</ListBehindContext>
        {dialog && typeof dialog === 'object' ? (
          <RevokeDialog row={dialog} now={now} act={acts.revoke} onClose={closeDialog} />
        ) : null}
        {dialog === 'revoke' ? (
          <BulkRevokeDialog
            rows={revocable}
            act={acts.revokeSelected}
            onClose={closeDialog}
            onDone={endBulk}
          />
        ) : null}
        {dialog === 'extend' ? (
          <BulkExtendDialog
            rows={extendable}
            act={acts.extendSelected}
            onClose={closeDialog}
            onDone={endBulk}
          />
        ) : null}
      </PageFrame>
    </LeaseClock>
  )
}

function bulkReason(may: boolean, count: number, verb: string, done: string): string | undefined {
  if (!may) return `Owners of the application and admins may ${verb}`
  return count === 0 ? `None of these can be ${done} now` : undefined
}

function Notes({ notes }: { notes: readonly string[] }) {
  if (notes.length === 0) return null
  return (
    <div className="g-notes">
      <Callout tone="warn" role="status">
        {notes.map((note) => (
          <p key={note}>{note}</p>
        ))}
      </Callout>
    </div>
  )
}

function Empty({ view, onClear }: { view: GrantView; onClear: () => void }) {
  const filtered = filterCount(view) > 0 || view.q !== ''
  if (filtered)
    return (
      <EmptyState
        icon="search"
        heading="h2"
        title="No grant matches"
        actions={<Button onClick={onClear}>Clear all filters</Button>}
      >
        {view.q
          ? `Nothing holds “${view.q}” in person, entitlement, application or reason`
          : 'Nothing fits these filters'}
        {view.tab === 'all' ? '.' : `, among the ${tabLabels[view.tab].toLowerCase()} grants.`}
      </EmptyState>
    )
  if (view.tab === 'overdue')
    return (
      <EmptyState icon="shield-check" heading="h2" title="Nothing is overdue">
        Every access that should be gone was seen gone.
      </EmptyState>
    )
  return (
    <EmptyState icon="key-round" heading="h2" title="No grants here yet">
      A grant stands here from the moment a request for it is agreed to.
    </EmptyState>
  )
}

/** What is overdue is counted to the end; of the others more than are counted are "10,000+". */
function countWords(count: number, tab: GrantTab): number | string {
  return count > MOST_COUNTED && tab !== 'overdue' ? `${MOST_COUNTED.toLocaleString('en')}+` : count
}

function summary(shown: number, matches: number): string {
  if (matches === 0) return 'Nothing to show'
  if (matches > MOST_COUNTED) return `${shown} of more than ${MOST_COUNTED.toLocaleString('en')} that match`
  return `${shown.toLocaleString('en')} of ${matches.toLocaleString('en')} that match`
}

/** The order of work begins with the soonest end, so it is shown at that column. */
function sortOf(view: GrantView): SortState {
  return { id: view.sort === 'queue' ? 'expiry' : view.sort, desc: view.descending }
}

function sortedView(view: GrantView, next: SortState): GrantView {
  const sort: GrantSort = grantSorts.find((one) => one === next.id) ?? 'queue'
  return changedView(view, { sort, descending: next.desc })
}

/** What is selected, kept while one looks into a grant and dropped when the list changes. */
function useSelection(query: string): [readonly string[], (ids: string[]) => void] {
  const [state, setState] = useState(() => {
    const place = listPlace()
    return { query, ids: place?.query === query ? place.selected : [] }
  })
  return [
    state.query === query ? state.ids : [],
    (ids) => {
      const place = listPlace()
      if (place?.query === query) place.selected = ids
      setState({ query, ids })
    },
  ]
}

/**
 * The dialog over the list. Closing a grant's details draws the list anew, a moment later: what was opened in that
 * moment stays open. Whoever leaves the list leaves it behind.
 */
function useDialog(query: string): [ListDialog | null, (dialog: ListDialog | null) => void] {
  const [dialog, setDialog] = useState(() => {
    const place = listPlace()
    return place?.query === query ? place.dialog : null
  })
  useEffect(() => {
    const place = listPlace()
    if (!place) return
    place.dialog = dialog
    return () => {
      place.dialog = null
    }
  }, [dialog])
  return [dialog, setDialog]
}

/** Puts the list back where it was, and the focus on the row whose details were just closed. */
function useListPlace(query: string) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const scroller = frame.current?.querySelector('.g-scroll')
    const place = listPlace()
    if (!scroller || place?.query !== query) return
    scroller.scrollTop = place.scrollTop
    if (place.closed) {
      frame.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(place.closed)}"]`)?.focus()
      place.closed = null
    }
    const keep = () => {
      place.scrollTop = scroller.scrollTop
    }
    scroller.addEventListener('scroll', keep, { passive: true })
    return () => scroller.removeEventListener('scroll', keep)
  }, [query])
  return frame
}

/** Reads the details anew when their grant has moved on. */
function useFollowDetails(details: GrantDetails | null, rows: readonly GrantListRow[]) {
  const router = useRouter()
  const seen = details?.row.version
  const latest = rows.find((row) => row.id === details?.row.id)?.version
  useEffect(() => {
    if (seen !== undefined && latest !== undefined && latest > seen) router.refresh()
  }, [seen, latest, router])
}
