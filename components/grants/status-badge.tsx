'use client'

import { useNow } from '@/components/lease/lease-clock'
import { Badge } from '@/components/ui/labels'
import { formatDurationShort, formatLateness, formatRelative } from '@/lib/format'
import { endedIcon, type GrantStatus, grantStatus, statusLooks } from '@/lib/grant-status'
import type { GrantListRow } from '@/lib/grant-views'
import { answerWords, endReasonWords, waitsForAccount } from '@/lib/outcome-words'

/** The status at the ticking moment, so that a row turns without being asked for anew. */
export function useStatus(row: GrantListRow, now: Date): GrantStatus {
  return grantStatus({ ...row, extensionAsked: row.pending !== null }, useNow(now))
}

/** Icon and word of a grant's status. */
export function StatusBadge({ row, now }: { row: GrantListRow; now: Date }) {
  const status = useStatus(row, now)
  const look = statusLooks[status]
  return (
    <Badge
      tone={look.tone}
      icon={status === 'ended' ? endedIcon(row.endReason) : look.icon}
      line={look.line}
      spin={status === 'ending'}
    >
      {look.label}
    </Badge>
  )
}

/** The badge with the small line under it that says why. */
export function StatusCell({ row, now }: { row: GrantListRow; now: Date }) {
  const note = useStatusNote(row, now)
  return (
    <span className="cell2 items-start gap-px!">
      <StatusBadge row={row} now={now} />
      {note ? (
        <small className="st-note trunc max-w-full" title={note}>
          {note}
        </small>
      ) : null}
    </span>
  )
}

/** What the badge leaves open, in a few words; null when it says it all. */
export function useStatusNote(row: GrantListRow, now: Date): string | null {
  const current = useNow(now)
  const status = useStatus(row, now)
  switch (status) {
    case 'overdue':
    case 'ending':
      return row.preexisting ? 'held before, stays' : takingNote(row, current)
    case 'extension_asked': {
      if (!row.pending) return null
      const more = row.pending.seconds === null ? 'more' : `+${formatDurationShort(row.pending.seconds)}`
      return `${more}, needs ${row.pending.missing ?? 'one'}${row.pending.missing === null ? '' : ' more'} yes`
    }
    case 'active':
    case 'ending_soon':
      return row.extensions > 0 ? `extended ${timesWord(row.extensions)}` : null
    case 'provisioning':
      if (waitsForAccount(row.lastAnswer)) return 'waiting: whose account is it?'
      if (row.lastAnswer) return answerWords(row.lastAnswer)
      return row.byHand ? 'waits for a person' : 'not seen there yet'
    case 'scheduled':
      return row.durationSeconds === null ? 'permanent' : `for ${formatDurationShort(row.durationSeconds)}`
    case 'ended':
      return endedNote(row)
    case 'failed':
      return row.ended?.why ?? (row.ended?.by ? `called off by ${row.ended.by}` : 'never given')
  }
}

function takingNote(row: GrantListRow, now: Date): string {
  if (row.byHand) return 'waits for a person'
  if (!row.taking) return 'removing now'
  const { tries, nextAt } = row.taking
  const next = nextAt > now ? `next ${formatRelative(nextAt, now)}` : 'trying now'
  if (tries === 0) return 'removing now'
  return `${tries === 1 ? '1 try' : `${tries} tries`}, ${next}`
}

function endedNote(row: GrantListRow): string {
  const why = endReasonWords[row.endReason ?? 'expired'] ?? 'expired'
  const by = row.endReason === 'revoked' && row.ended?.by ? ` by ${row.ended.by}` : ''
  if (row.preexisting) return `${why}${by}; held before, stays`
  if (row.seenAbsentAt && row.verified === false) return `${why}${by}, not verified`
  if (row.verified && row.lateMs !== null && !by) return `${why}, gone in ${formatLateness(row.lateMs)}`
  return `${why}${by}`
}

export const timesWord = (count: number) => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`)
