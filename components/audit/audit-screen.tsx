'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useMemo, useOptimistic, useTransition } from 'react'
import { DataTable } from '@/components/data-table'
import { settingsCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { Button, IconButton, LinkButton } from '@/components/ui/button'
import { Callout, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { Pager } from '@/components/ui/list-foot'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/menu'
import {
  type AuditFormat,
  type AuditView,
  auditExportHref,
  auditFilterCount,
  auditFormats,
  auditHref,
  DELIVERY_PATH,
  plainAuditView,
  REFUSALS_PATH,
} from '@/lib/audit-url'
import type { AuditPage } from '@/lib/audit-views'
import { AuditFilters } from './audit-filters'
import { AuditCard, auditColumns, auditRowLabel } from './audit-row'

export interface AuditScreenProps {
  readonly view: AuditView
  /** Sentences about what of the address could not be used. */
  readonly notes: readonly string[]
  readonly page: AuditPage
  readonly names: Readonly<Record<string, string>>
  readonly now: Date
  readonly zone: string
  /** Systems that do not take the log at present. */
  readonly failing: readonly { readonly host: string }[]
}

const formats: Record<AuditFormat, { label: string; note: string }> = {
  csv: { label: 'CSV', note: 'for spreadsheets' },
  jsonl: { label: 'JSON Lines', note: 'for programs' },
  ocsf: { label: 'OCSF', note: 'JSON Lines, for a SIEM' },
}

/** The audit log: every entry of everything, what filters it, and its exports. */
export function AuditScreen({ view, notes, page, names, now, zone, failing }: AuditScreenProps) {
  const router = useRouter()
  const [busy, start] = useTransition()
  // What is ticked is ticked at once; the entries follow when the server has them.
  const [wanted, setWanted] = useOptimistic(view)
  const show = (next: AuditView) =>
    start(() => {
      setWanted(next)
      router.push(auditHref(next) as Route, { scroll: false })
    })
  const columns = useMemo(() => auditColumns({ now, zone }), [now, zone])
  const all = [...notes, ...(page.note ? [page.note] : [])]
  return (
    <PageFrame
      bare
      crumbs={[...settingsCrumbs, { label: 'Audit log' }]}
      phoneActions={
        <Menu trigger={<IconButton icon="ellipsis" iconSize={20} label="Export, refusals and delivery" />}>
          <ExportItems view={view} />
          <MenuSeparator />
          <MenuItem icon="ban" onSelect={() => router.push(REFUSALS_PATH as Route)}>
            Refusals
          </MenuItem>
          <MenuItem icon="send" onSelect={() => router.push(DELIVERY_PATH as Route)}>
            Delivery
          </MenuItem>
        </Menu>
      }
    >
      <div className="g-page">
        <div className="page-head g-head a-head">
          <h1 className="page-title sr-phone">Audit log</h1>
          <span className="grow" />
          <div className="page-actions">
            <LinkButton icon="ban" href={REFUSALS_PATH}>
              Refusals
            </LinkButton>
            <LinkButton icon="send" href={DELIVERY_PATH}>
              Delivery
            </LinkButton>
            <Menu
              trigger={
                <Button icon="download" iconEnd="chevron-down">
                  Export
                </Button>
              }
            >
              <ExportItems view={view} />
            </Menu>
          </div>
        </div>
        {failing.length > 0 ? (
          <div className="g-notes">
            <Callout tone="bad" role="status">
              {failing.map(({ host }) => host).join(', ')} does not take the audit log at present. See{' '}
              <Link href={DELIVERY_PATH as Route}>Delivery</Link>.
            </Callout>
          </div>
        ) : null}
        <AuditFilters view={wanted} names={names} show={show} />
        {all.length > 0 ? (
          <div className="g-notes">
            <Callout tone="warn" role="status">
              {all.map((note) => (
                <p key={note}>{note}</p>
              ))}
            </Callout>
          </div>
        ) : null}
        <DataTable
          className="g-scroll a-table"
          label="Audit log"
          columns={columns}
          rows={page.rows}
          rowId={(row) => row.id}
          rowLabel={auditRowLabel}
          card={(row) => <AuditCard row={row} now={now} zone={zone} />}
          busy={busy}
          empty={<Empty view={view} onClear={() => show(plainAuditView)} />}
        />
        <footer className="g-foot">
          <Pager
            summary={summary(page)}
            previousHref={page.previous ? auditHref({ ...view, cursor: page.previous }) : undefined}
            nextHref={page.next ? auditHref({ ...view, cursor: page.next }) : undefined}
          />
        </footer>
      </div>
    </PageFrame>
  )
}

function ExportItems({ view }: { view: AuditView }) {
  return (
    <>
      <MenuLabel>Exactly what is filtered, oldest first, times in UTC</MenuLabel>
      {auditFormats.map((format) => (
        <MenuItem
          key={format}
          icon="download"
          note={formats[format].note}
          onSelect={() => window.location.assign(auditExportHref(view, format))}
        >
          {formats[format].label}
        </MenuItem>
      ))}
    </>
  )
}

function Empty({ view, onClear }: { view: AuditView; onClear: () => void }) {
  if (auditFilterCount(view) > 0)
    return (
      <EmptyState
        icon="search"
        heading="h2"
        title="No entry matches"
        actions={<Button onClick={onClear}>Clear all filters</Button>}
      >
        Nothing that happened fits these filters.
      </EmptyState>
    )
  return (
    <EmptyState icon="history" heading="h2" title="Nothing has happened yet">
      Every change of anything stands here from the moment it is made.
    </EmptyState>
  )
}

/** The log has no total that would be worth counting a million entries for. */
function summary({ rows, next, previous }: AuditPage): string {
  if (rows.length === 0) return 'Nothing to show'
  const count = rows.length === 1 ? '1 entry' : `${rows.length} entries`
  if (!next && !previous) return count
  return previous ? `${count}${next ? '' : ', to the oldest'}` : `${count}, from the newest`
}
