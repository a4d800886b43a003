import { BrakesCard } from '@/components/brakes/brakes-card'
import { FreezeButton } from '@/components/brakes/freeze-button'
import { FreezeNote } from '@/components/brakes/freeze-note'
import { AppMark } from '@/components/ui/avatar'
import { LinkButton } from '@/components/ui/button'
import { Icon } from '@/components/ui/icon'
import { Badge, Callout } from '@/components/ui/labels'
import type {
  ApplicationChoices,
  ApplicationPage,
  ConnectionHealth,
  ConnectionSaved,
} from '@/lib/application-views'
import { formatClock, formatDuration } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import { type ApplicationActions, ApplicationActs } from './application-acts'
import { CredentialCard, SettingsCard, TestCard } from './connection-cards'
import { EntitlementsCard } from './entitlements-card'
import { HealthBadge } from './health-badge'

type Props = {
  page: ApplicationPage
  choices: ApplicationChoices | null
  now: Date
  zone: string
  actions: ApplicationActions & {
    add: SendForm<{ entitlementId: string }>
    describe: SendForm<{ entitlementId: string; version: number }>
    changeSettings: SendForm<ConnectionSaved>
    replaceSecret: SendForm<ConnectionSaved>
    freeze: SendForm<{ frozen: boolean }>
    thaw: SendForm<{ frozen: boolean }>
  }
}

/** One application: how it stands, what it can give, and how it is reached. */
export function ApplicationOverview({ page, choices, now, zone, actions }: Props) {
  const { connection } = page
  const synced = connection?.syncedAt ? `synced ${formatClock(connection.syncedAt, zone, now)}` : null
  return (
    <>
      <div className="a-head flex-wrap">
        <AppMark name={page.name} size={40} />
        <div className="min-w-0">
          <div className="row flex-wrap">
            <h1>{page.name}</h1>
            {page.archivedAt ? <Badge icon="ban">Archived</Badge> : <HealthBadge health={healthOf(page)} />}
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
      <Notes page={page} />
      <div className="cols">
        <EntitlementsCard page={page} note={synced} add={actions.add} describe={actions.describe} />
        <div className="stack gap-4!">
          {connection ? (
            <>
              <TestCard connection={connection} now={now} zone={zone} />
              <CredentialCard
                page={page}
                connection={connection}
                replace={actions.replaceSecret}
                now={now}
                zone={zone}
              />
              <SettingsCard page={page} connection={connection} change={actions.changeSettings} />
              <p className="hint row items-start! px-1">
                <Icon name="info" size={14} />
                <span>{connection.residue}</span>
              </p>
            </>
          ) : null}
          {page.byHand ? <ByHandCard byHand={page.byHand} /> : null}
          {page.can.brake ? (
            <BrakesCard words="Freezing stops giving and never taking. Both stand in the timeline with who and why.">
              <FreezeButton
                frozen={page.frozen}
                what={`giving on ${page.name}`}
                hidden={{ applicationId: page.id }}
                freeze={actions.freeze}
                thaw={actions.thaw}
              />
              {page.liveGrants > 0 ? (
                <LinkButton icon="undo" href={`/settings/take-back?application=${page.id}`}>
                  Take everything back…
                </LinkButton>
              ) : null}
            </BrakesCard>
          ) : null}
          {page.liveGrants > 0 ? (
            <p className="hint row items-start! px-1">
              <Icon name="lock" size={14} />
              <span>
                Cannot be archived or pointed elsewhere:{' '}
                {page.liveGrants === 1 ? '1 live grant' : `${page.liveGrants} live grants`}.
              </span>
            </p>
          ) : null}
        </div>
      </div>
    </>
  )
}

function Notes({ page }: { page: ApplicationPage }) {
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

function ByHandCard({ byHand }: { byHand: NonNullable<ApplicationPage['byHand']> }) {
  const { group, checklist, taskSeconds } = byHand
  return (
    <section className="card" aria-labelledby="by-hand">
      <div className="card-head">
        <h2 className="card-title" id="by-hand">
          By hand
        </h2>
      </div>
      <dl className="facts card-pad">
        <dt>Done by</dt>
        <dd>
          {group ? `${group.name}, ${group.size === 1 ? '1 person' : `${group.size} people`}` : 'nobody yet'}
        </dd>
        <dt>Time for a task</dt>
        <dd>{formatDuration(taskSeconds)}</dd>
        <dt>Checklist</dt>
        <dd className="whitespace-pre-line">{checklist ?? 'none'}</dd>
      </dl>
    </section>
  )
}

function healthOf({ connection }: ApplicationPage): ConnectionHealth {
  if (!connection) return 'by-hand'
  if (connection.paused) return 'paused'
  if (!connection.test) return 'untested'
  return connection.test.ok ? 'healthy' : 'attention'
}

function ownerWords({ owners }: ApplicationPage): string {
  const active = owners.filter((o) => o.active).map((o) => o.name)
  if (active.length === 0) return 'no owner'
  return `${active.length === 1 ? 'owner' : 'owners'} ${active.join(', ')}`
}
