'use client'

import clsx from 'clsx'
import { useNow } from '@/components/lease/lease-clock'
import { Icon } from '@/components/ui/icon'
import { formatClock, formatDurationShort } from '@/lib/format'
import { noticeAtOf } from '@/lib/grant-status'
import type { GrantListRow } from '@/lib/grant-views'

export interface NoticeWords {
  readonly text: string
  readonly tone: 'plain' | 'quiet' | 'warn'
  /** More than fits in a cell: why a notice could not be sent. */
  readonly more?: string
}

/** What became of the notice for the present end, or when it is due. */
export function noticeWords(row: GrantListRow, now: Date, zone: string): NoticeWords {
  const clock = (at: Date) => formatClock(at, zone, now)
  if (row.noticeError) return { text: 'Not delivered', tone: 'warn', more: row.noticeError }
  if (row.noticeSentAt)
    return { text: `sent ${clock(row.noticeSentAt).replace(/^today /, '')}`, tone: 'plain' }
  if (row.mode === 'permanent') return { text: 'none', tone: 'quiet' }
  if (row.state === 'scheduled' || row.state === 'provisioning')
    return row.noticeSeconds === null
      ? { text: 'none', tone: 'quiet' }
      : { text: `${formatDurationShort(row.noticeSeconds)} before end`, tone: 'quiet' }
  const due = noticeAtOf(row)
  if (row.state !== 'active' || !due) return { text: 'none due', tone: 'quiet' }
  if (due <= now) return { text: `due ${clock(due)}`, tone: 'warn', more: 'It has not gone out yet' }
  return { text: clock(due), tone: 'quiet' }
}

/** The notice's cell. */
export function NoticeCell({ row, now, zone }: { row: GrantListRow; now: Date; zone: string }) {
  const words = noticeWords(row, useNow(now), zone)
  if (words.tone === 'warn')
    return (
      <span className="c-warn b row row-4" title={words.more}>
        <Icon name="bell-off" size={14} />
        <span className="trunc">{words.text}</span>
        {words.more ? <span className="sr">: {words.more}</span> : null}
      </span>
    )
  const [, day, time] = /^(.*) (\d\d:\d\d)$/.exec(words.text) ?? []
  return (
    <span className={clsx('cell2', words.tone === 'quiet' && 'ink2')}>
      <span className="trunc">{day ?? words.text}</span>
      {time ? <small>{time}</small> : null}
    </span>
  )
}
