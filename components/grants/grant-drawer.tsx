'use client'

import type { Route } from 'next'
import { useRouter } from 'next/navigation'
import { useEffect, useEffectEvent, useState } from 'react'
import { EmergencyBadge } from '@/components/request/emergency-badge'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Avatar } from '@/components/ui/avatar'
import { Button, IconButton, LinkButton } from '@/components/ui/button'
import { Drawer } from '@/components/ui/drawer'
import { useToast } from '@/components/ui/toast'
import { GRANTS_PATH, type GrantView, grantsHref, plainView } from '@/lib/grant-url'
import type { GrantDetails } from '@/lib/grant-views'
import type { GrantActs } from './acts'
import { ExtendDialog } from './extend-dialog'
import { GrantFacts, GrantState, LeasePanel } from './grant-facts'
import { Decisions, GrantTimeline } from './grant-timeline'
import { proofText } from './proof'
import { firstName, RevokeDialog } from './revoke-dialog'
import { StatusBadge } from './status-badge'
import { listPlace } from './use-live-grants'

export interface GrantDrawerProps {
  readonly details: GrantDetails
  readonly view: GrantView
  /** The ids of the list behind it, in its order, to walk along. */
  readonly order: readonly string[]
  readonly now: Date
  readonly zone: string
  readonly acts: Pick<GrantActs, 'revoke' | 'extend'>
}

/** The details of one grant, over the right of the list. Escape closes it, the arrow keys walk the list. */
export function GrantDrawer({ details, view, order, now, zone, acts }: GrantDrawerProps) {
  const { row } = details
  const router = useRouter()
  const toast = useToast()
  const place = order.indexOf(row.id)
  const previous = place > 0 ? order[place - 1] : undefined
  const next = place >= 0 ? order[place + 1] : undefined
  const go = (id: string) => router.push(grantsHref(view, id) as Route, { scroll: false })
  const close = () => {
    const list = listPlace()
    if (list) list.closed = row.id
    router.push(grantsHref(view) as Route, { scroll: false })
  }
  useWalkingKeys(previous && (() => go(previous)), next && (() => go(next)))

  async function copy(text: string, done: string) {
    try {
      await navigator.clipboard.writeText(text)
      toast({ title: done })
    } catch {
      toast({ title: 'The browser did not let us copy', description: text, tone: 'bad' })
    }
  }
  const link = () => new URL(grantsHref(plainView, row.id), window.location.origin).href

  return (
    <Drawer
      label="Grant details"
      noun="grant"
      className="g-drawer"
      onClose={close}
      onPrevious={previous ? () => go(previous) : undefined}
      onNext={next ? () => go(next) : undefined}
      header={
        <>
          <Avatar name={row.person.name} size={40} />
          <div className="grow min-w-0">
            <h2 className="trunc">{row.person.name}</h2>
            <p className="trunc">
              <EntitlementName name={row.entitlement.name} /> in {row.application.name}
            </p>
          </div>
        </>
      }
      status={
        <span className="em-badges">
          {row.emergency ? <EmergencyBadge /> : null}
          <StatusBadge row={row} now={now} />
        </span>
      }
      tools={
        <span className="not-phone">
          <IconButton icon="link" label="Copy link" onClick={() => void copy(link(), 'Link copied')} />
        </span>
      }
      footer={
        <Footer
          details={details}
          now={now}
          zone={zone}
          acts={acts}
          onCopyProof={() => void copy(proofText(details), 'Proof copied')}
        />
      }
    >
      <div className="d-parts">
        <LeasePanel details={details} now={now} zone={zone} />
        <GrantState details={details} now={now} zone={zone} />
        <GrantFacts details={details} />
        <Decisions details={details} now={now} zone={zone} />
        <GrantTimeline details={details} now={now} zone={zone} />
      </div>
    </Drawer>
  )
}

type FooterProps = Pick<GrantDrawerProps, 'details' | 'now' | 'zone' | 'acts'> & { onCopyProof: () => void }

function Footer({ details, now, zone, acts, onCopyProof }: FooterProps) {
  const [asking, setAsking] = useState<'revoke' | 'extend' | null>(null)
  const { row, may, extension } = details
  const over = row.state === 'ended' || row.state === 'failed'
  const stop = () => setAsking(null)
  const hint = footerHint(details)
  return (
    <>
      {may.revoke ? (
        <Button variant="danger" icon="ban" onClick={() => setAsking('revoke')}>
          Revoke now…
        </Button>
      ) : null}
      {may.extend ? (
        <Button icon="timer-reset" reason={extension?.why ?? undefined} onClick={() => setAsking('extend')}>
          Extend…
        </Button>
      ) : null}
      <LinkButton icon="shield-check" href={`${GRANTS_PATH}/${row.id}/evidence`}>
        Evidence
      </LinkButton>
      {over ? (
        <>
          {row.state === 'ended' ? (
            <Button icon="file-text" onClick={onCopyProof}>
              Copy proof
            </Button>
          ) : null}
          <LinkButton icon="download" href={`${GRANTS_PATH}/${row.id}/timeline`} download>
            Timeline as JSON
          </LinkButton>
        </>
      ) : null}
      <span className="grow not-phone" />
      {hint ? <span className="hint not-phone">{hint}</span> : null}
      {asking === 'revoke' ? <RevokeDialog row={row} now={now} act={acts.revoke} onClose={stop} /> : null}
      {asking === 'extend' ? (
        <ExtendDialog details={details} now={now} zone={zone} act={acts.extend} onClose={stop} />
      ) : null}
    </>
  )
}

function footerHint({ row, may, upcoming }: GrantDetails): string | null {
  if (row.state === 'revoking')
    return row.byHand ? 'It waits for whoever does its task.' : 'It is being taken back; nothing to press.'
  if (row.state === 'ended' || row.state === 'failed') return null
  if (!may.revoke) return 'Owners of the application and admins may revoke it.'
  if (row.preexisting) return `Revoking ends the lease; ${row.application.name} keeps the access.`
  if (row.state === 'scheduled' && upcoming.length > 0) return 'Revoking calls it off before it is given.'
  return `Revoking removes ${firstName(row)} from ${row.entitlement.name} at once.`
}

/** Up and down walk the list, unless the focus is where those keys mean something else. */
function useWalkingKeys(up: false | '' | undefined | (() => void), down: typeof up) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const act = event.key === 'ArrowUp' ? up : event.key === 'ArrowDown' ? down : undefined
    const target = event.target as HTMLElement
    const elsewhere = target.closest(
      'input, textarea, select, .dialog, .pop, .drawer-body, tr, [role="toolbar"]',
    )
    if (!act || elsewhere || event.metaKey || event.ctrlKey || event.altKey) return
    event.preventDefault()
    act()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}
