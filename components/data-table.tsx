'use client'

import {
  columnVisibilityFeature,
  createColumnHelper,
  functionalUpdate,
  rowSelectionFeature,
  rowSortingFeature,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import clsx from 'clsx'
import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { type KeyboardEvent, type MouseEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/choice'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { Menu, MenuCheck } from '@/components/ui/menu'

export type DataColumn<Row> = {
  id: string
  header: string
  cell: (row: Row) => ReactNode
  /** Pixels; columns without one share the rest. */
  width?: number
  sortable?: boolean
  /** May be taken off the table by the person. */
  hideable?: boolean
  /** The cell that is the row's link. One per table. */
  lead?: boolean
  /** Gives way below 1200 px, so that the other columns stay in sight; a phone's cards say it anyway. */
  wideOnly?: boolean
  /** Shows no header words, only says them (actions). */
  hideHeader?: boolean
  className?: string
}

export type SortState = { id: string; desc: boolean }
/** Columns that are off are `false`; all others are on. */
export type ColumnVisibility = Record<string, boolean>

export type DataTableProps<Row> = {
  /** Names the table for readers: "Access grants". */
  label: string
  /** Stable: at module scope or memoised. */
  columns: readonly DataColumn<Row>[]
  /** One page, as the server sorted, filtered and cut it. */
  rows: readonly Row[]
  rowId: (row: Row) => string
  /** What a row is called in "Select …". */
  rowLabel: (row: Row) => string
  /** Where a row leads; `openId` is the one that is open now. Arrow keys then walk from one to the next. */
  rowHref?: (row: Row) => string
  openId?: string
  sort?: SortState
  onSortChange?: (sort: SortState) => void
  visibility?: ColumnVisibility
  /** Ids of the selected rows; leave out for a table without selection. */
  selected?: readonly string[]
  onSelectedChange?: (ids: string[]) => void
  /** What a row is on a phone. */
  card: (row: Row) => ReactNode
  empty: ReactNode
  /** The next page is on its way; what is shown is still the last one. */
  busy?: boolean
  className?: string
}

const features = tableFeatures({ rowSortingFeature, columnVisibilityFeature, rowSelectionFeature })

/** A table whose page the server prepared: sorting, columns, selection, keys; cards on a phone. */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, rows, rowId, rowLabel, rowHref, openId, sort, selected, card, empty, busy } = props
  const router = useRouter()
  const body = useRef<HTMLTableSectionElement>(null)
  const [focused, setFocused] = useState<string | undefined>(openId)

  const columns = useMemo(() => toTableColumns(props.columns), [props.columns])
  const data = useMemo(() => [...rows], [rows])
  const byId = useMemo(() => new Map(props.columns.map((column) => [column.id, column])), [props.columns])
  const table = useTable({
    features,
    columns,
    data,
    getRowId: rowId,
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    enableRowSelection: Boolean(selected),
    state: {
      sorting: sort ? [sort] : [],
      columnVisibility: props.visibility ?? {},
      rowSelection: Object.fromEntries((selected ?? []).map((id) => [id, true])),
    },
    onSortingChange: (update) => {
      const next = functionalUpdate(update, sort ? [sort] : [])[0]
      if (next) props.onSortChange?.(next)
    },
    onRowSelectionChange: (update) => {
      const before: Record<string, true> = Object.fromEntries((selected ?? []).map((id) => [id, true]))
      const next = functionalUpdate(update, before)
      props.onSelectedChange?.(Object.keys(next).filter((id) => next[id]))
    },
  })

  const tableRows = table.getRowModel().rows
  const stop = tableRows.some((row) => row.id === focused) ? focused : tableRows[0]?.id
  const chosen = new Set(selected)
  const onPage = tableRows.filter((row) => chosen.has(row.id)).length

  function open(row: Row) {
    if (rowHref) router.push(rowHref(row) as Route, { scroll: false })
  }

  function toggle(id: string, on: boolean) {
    const rest = (selected ?? []).filter((other) => other !== id)
    props.onSelectedChange?.(on ? [...rest, id] : rest)
  }

  function move(to: number) {
    const row = tableRows[to]
    if (!row) return
    setFocused(row.id)
    const element = body.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.id)}"]`)
    element?.focus()
    if (openId) open(row.original)
  }

  function onKeyDown(event: KeyboardEvent<HTMLTableRowElement>, index: number) {
    if (event.target !== event.currentTarget || event.metaKey || event.ctrlKey || event.altKey) return
    const row = tableRows[index]
    if (!row) return
    const acts: Record<string, () => void> = {
      ArrowDown: () => move(index + 1),
      ArrowUp: () => move(index - 1),
      Home: () => move(0),
      End: () => move(tableRows.length - 1),
      Enter: () => open(row.original),
      ' ': () => selected && toggle(row.id, !chosen.has(row.id)),
    }
    const act = acts[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  if (rows.length === 0) return <div className="table-scroll">{empty}</div>
  return (
    <div className={clsx('table-scroll', props.className)} aria-busy={busy || undefined}>
      <table className="table not-phone" aria-label={label}>
        <colgroup>
          {selected ? <col style={{ width: 52 }} /> : null}
          {table.getVisibleLeafColumns().map((column) => (
            <col
              key={column.id}
              className={byId.get(column.id)?.wideOnly ? 'wide-only' : undefined}
              style={{ width: byId.get(column.id)?.width }}
            />
          ))}
        </colgroup>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {selected ? (
                <th className="c-check" scope="col">
                  <Checkbox
                    aria-label="Select all on this page"
                    checked={onPage > 0 && onPage === tableRows.length}
                    indeterminate={onPage > 0 && onPage < tableRows.length}
                    onChange={(event) => table.toggleAllRowsSelected(event.target.checked)}
                  />
                </th>
              ) : null}
              {group.headers.map((header) => {
                const column = byId.get(header.column.id)
                const direction =
                  sort?.id === header.column.id ? (sort.desc ? 'descending' : 'ascending') : undefined
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={direction}
                    className={clsx(column?.wideOnly && 'wide-only', column?.className)}
                  >
                    {column?.sortable ? (
                      <button type="button" className="th-sort" onClick={() => header.column.toggleSorting()}>
                        {column.header}
                        <Icon
                          name={direction === 'descending' ? 'arrow-down' : 'arrow-up'}
                          size={12}
                          className={direction ? undefined : 'th-idle'}
                        />
                      </button>
                    ) : (
                      <span className={column?.hideHeader ? 'sr' : undefined}>{column?.header}</span>
                    )}
                  </th>
                )
              })}
            </tr>
          ))}
        </thead>
        <tbody ref={body}>
          {tableRows.map((row, index) => (
            <tr
              key={row.id}
              data-row={row.id}
              data-selected={chosen.has(row.id) || undefined}
              className={clsx(rowHref && 'is-link', row.id === openId && 'is-open')}
              tabIndex={row.id === stop ? 0 : -1}
              onFocus={() => setFocused(row.id)}
              onKeyDown={(event) => onKeyDown(event, index)}
              onClick={(event) => onPlainClick(event, () => open(row.original))}
            >
              {selected ? (
                <td className="c-check">
                  <Checkbox
                    aria-label={`Select ${rowLabel(row.original)}`}
                    checked={chosen.has(row.id)}
                    onChange={(event) => toggle(row.id, event.target.checked)}
                  />
                </td>
              ) : null}
              {row.getVisibleCells().map((cell) => {
                const column = byId.get(cell.column.id)
                const content = column?.cell(row.original)
                return (
                  <td key={cell.id} className={clsx(column?.wideOnly && 'wide-only', column?.className)}>
                    {column?.lead && rowHref ? (
                      <Link
                        className="row-link"
                        href={rowHref(row.original) as Route}
                        scroll={false}
                        tabIndex={-1}
                      >
                        {content}
                      </Link>
                    ) : (
                      content
                    )}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="gcards" aria-label={label}>
        {tableRows.map((row) => (
          <li className="gcard" key={row.id}>
            {rowHref ? (
              <Link
                className="gcard-link"
                href={rowHref(row.original) as Route}
                aria-label={rowLabel(row.original)}
              />
            ) : null}
            {card(row.original)}
          </li>
        ))}
      </ul>
    </div>
  )
}

function toTableColumns<Row extends object>(columns: readonly DataColumn<Row>[]) {
  const helper = createColumnHelper<typeof features, Row>()
  return helper.columns(
    columns.map((column) =>
      // The server has the values; the accessor only makes the column sortable.
      helper.accessor(() => null, {
        id: column.id,
        header: column.header,
        enableSorting: column.sortable ?? false,
        sortDescFirst: false,
        enableHiding: column.hideable ?? false,
      }),
    ),
  )
}

/** A click on the row itself, not on something in it that acts, and not the end of a text selection. */
function onPlainClick(event: MouseEvent<HTMLElement>, act: () => void) {
  const target = event.target as HTMLElement
  if (event.defaultPrevented || target.closest('a, button, input, label, [role="menuitem"]')) return
  if (event.metaKey || event.ctrlKey || window.getSelection()?.toString()) return
  act()
}

export type ColumnsMenuProps<Row> = {
  columns: readonly DataColumn<Row>[]
  visibility: ColumnVisibility
  onVisibilityChange: (visibility: ColumnVisibility) => void
}

/** Which columns are shown. */
export function ColumnsMenu<Row>({ columns, visibility, onVisibilityChange }: ColumnsMenuProps<Row>) {
  return (
    <Menu trigger={<Button icon="columns">Columns</Button>}>
      {columns
        .filter((column) => column.hideable)
        .map((column) => (
          <MenuCheck
            key={column.id}
            checked={visibility[column.id] !== false}
            onCheckedChange={(on) => onVisibilityChange({ ...visibility, [column.id]: on })}
          >
            {column.header}
          </MenuCheck>
        ))}
    </Menu>
  )
}
