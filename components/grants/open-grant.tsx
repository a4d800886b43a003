'use client'

import { useContext } from 'react'
import type { GrantDetails, GrantListRow } from '@/lib/grant-views'
import { GrantDrawer } from './grant-drawer'
import { ListBehindContext } from './list-behind'

/** The details of one grant over the list. Its page brings it, so that the list's own page need not carry it. */
export function OpenGrant({ details }: { details: GrantDetails }) {
  const behind = useContext(ListBehindContext)
  if (!behind) return null
  const { rows, ...rest } = behind
  return (
    <GrantDrawer
      key={details.row.id}
      details={{ ...details, row: newest(details.row, rows) }}
      order={rows.map((row) => row.id)}
      {...rest}
    />
  )
}

/** What is known last of the opened grant: the list may have heard of it before its details are read again. */
function newest(row: GrantListRow, rows: readonly GrantListRow[]): GrantListRow {
  const listed = rows.find((other) => other.id === row.id)
  return listed && listed.version > row.version ? listed : row
}
