import type { ReactNode } from 'react'
import { FreezeNote } from '@/components/brakes/freeze-note'
import { AppMark } from '@/components/ui/avatar'
import { Badge, Callout } from '@/components/ui/labels'
import { Segmented } from '@/components/ui/tabs'
import type { ApplicationChoices, ApplicationPage, SyncSummary } from '@/lib/application-views'
import type { SendForm } from '@/lib/forms/state'
import { type ApplicationActions, ApplicationActs } from './application-acts'
import { CredentialBadge } from './credential-end'
import { HealthBadge } from './health-badge'
import { type SectionId, sectionsOf } from './section-list'
import { SyncNote } from './sync-note'

type Props = {
  page: ApplicationPage
  choices: ApplicationChoices | null
  now: Date
  zone: string
  actions: ApplicationActions & { acceptList: SendForm<SyncSummary> }
  section: SectionId
  children: ReactNode
}

/** What stands over every section of an application: what it is, how it stands, what one may do, and where one is. */
export function ApplicationFrame({ page, choices, now, zone, actions, section, children }: Props) {
  const { connection } = page
  return (
    <>
      <div className="a-head flex-wrap">
        <AppMark name={page.name} size={40} />
        <div className="min-w-0">
          <div className="row flex-wrap">
            <h1>{page.name}</h1>
            {page.archivedAt ? (
              <Badge icon="ban">Archived</Badge>
            ) : (
              <HealthBadge health={connection?.state ?? 'by-hand'} />
            )}
            {connection ? <CredentialBadge endsAt={connection.credentialEndsAt} now={now} /> : null}
          </div>
          <p className="dotted">
            <span>{connection?.connector ?? 'Given and taken by people'}</span>
            {connection ? <span className="mono">{connection.target}</span> : null}
            <span>{ownerWords(page)}</span>
            <span>{page.liveGrants === 1 ? '1 live grant' : `${page.liveGrants} live grants`}</span>
          </p>
        </div>
        <ApplicationActs page={page} choices={choices} actions={actions} />
      </div>
      {page.description ? <p className="page-sub mt-3!">{page.description}</p> : null}
      <div className="mt-4 empty:hidden">
        <FreezeNote freeze={page.freeze} application={page.name} now={now} zone={zone} />
      </div>
      <Notes page={page} acceptList={actions.acceptList} />
      <div className="a-tabs">
        <Segmented
          label="Sections"
          items={sectionsOf(page).map(({ id, label, count, hot }) => ({
            href: sectionHref(page.id, id),
            label,
            count,
            hot,
            current: id === section,
          }))}
        />
      </div>
      {children}
    </>
  )
}

const APPLICATIONS = '/settings/access-management/applications'

/** The address of one section of an application. */
export function sectionHref(applicationId: string, section: SectionId): string {
  const page = `${APPLICATIONS}/${applicationId}`
  return section === 'overview' ? page : `${page}?section=${section}`
}

/** What one has to know before anything else, in whichever section. */
function Notes({ page, acceptList }: { page: ApplicationPage; acceptList: SendForm<SyncSummary> }) {
  const active = page.owners.filter((o) => o.active)
  const nobody = page.byHand && (!page.byHand.group || page.byHand.group.size === 0)
  if (page.archivedAt) return null
  return (
    <div className="stack mt-4 gap-2! empty:hidden">
      {page.connection?.paused ? (
        <Callout tone="warn" icon="pause">
          The connection is paused{page.connection.pausedReason ? `: “${page.connection.pausedReason}”` : ''}.
          Nothing new is given. What ends is still taken back.
        </Callout>
      ) : null}
      <SyncNote page={page} accept={acceptList} />
      {nobody ? (
        <Callout tone="bad">
          Nobody is in the group that gives and takes by hand. Its tasks go to the owners and admins only.
        </Callout>
      ) : null}
      {active.length === 0 ? (
        <Callout tone="warn">
          Nobody owns this application. Steps that ask its owners have nobody to ask.
        </Callout>
      ) : null}
    </div>
  )
}

function ownerWords({ owners }: ApplicationPage): string {
  const active = owners.filter((o) => o.active).map((o) => o.name)
  if (active.length === 0) return 'no owner'
  return `${active.length === 1 ? 'owner' : 'owners'} ${active.join(', ')}`
}
