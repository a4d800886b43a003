'use client'

import { ColumnsMenu, type DataColumn } from '@/components/data-table'
import { Button, IconButton } from '@/components/ui/button'
import { Menu, MenuItem, MenuLabel, MenuSeparator } from '@/components/ui/menu'
import {
  exportFormats,
  GRANTS_PATH,
  type GrantExportFormat,
  type GrantView,
  grantColumns,
  grantQuery,
} from '@/lib/grant-url'
import type { GrantListRow, SavedView } from '@/lib/grant-views'
import type { GrantActs } from './acts'
import { ViewLinks, ViewsMenu } from './views-menu'

export interface TableToolsProps {
  readonly view: GrantView
  readonly saved: readonly SavedView[]
  readonly acts: Pick<GrantActs, 'keepView' | 'dropView'>
  readonly show: (view: GrantView) => void
  readonly columns: readonly DataColumn<GrantListRow>[]
}

const formats: Record<GrantExportFormat, { label: string; note: string }> = {
  csv: { label: 'CSV', note: 'for spreadsheets' },
  jsonl: { label: 'JSON Lines', note: 'for programs' },
}

/** Views, columns and export of the table. */
export function TableTools({ view, saved, acts, show, columns }: TableToolsProps) {
  return (
    <div className="page-actions">
      <ViewsMenu view={view} saved={saved} acts={acts} />
      <ColumnsMenu
        columns={columns}
        visibility={Object.fromEntries(grantColumns.map((id) => [id, view.columns.includes(id)]))}
        onVisibilityChange={(visibility) => {
          const shown = grantColumns.filter((id) => visibility[id])
          if (shown.length > 0) show({ ...view, columns: shown })
        }}
      />
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
  )
}

/** Where the grants of a view are had as a file; of a page's rows only those selected, if any are named. */
export function exportHref(view: GrantView, format: GrantExportFormat, only: readonly string[] = []): string {
  const query = grantQuery({ ...view, cursor: '' })
  const chosen = only.length > 0 ? `&only=${only.join(',')}` : ''
  return `${GRANTS_PATH}/export?format=${format}${chosen}${query ? `&${query}` : ''}`
}

function ExportItems({ view }: { view: GrantView }) {
  return (
    <>
      <MenuLabel>Exactly what is filtered, times in UTC</MenuLabel>
      {exportFormats.map((format) => (
        <MenuItem
          key={format}
          icon="download"
          note={formats[format].note}
          onSelect={() => window.location.assign(exportHref(view, format))}
        >
          {formats[format].label}
        </MenuItem>
      ))}
    </>
  )
}

/** The same behind one button, in the bar of a phone. */
export function PhoneTools({ view, saved }: Pick<TableToolsProps, 'view' | 'saved'>) {
  return (
    <Menu trigger={<IconButton icon="ellipsis" iconSize={20} label="Views and export" />}>
      <ViewLinks view={view} saved={saved} />
      <MenuSeparator />
      <ExportItems view={view} />
    </Menu>
  )
}
