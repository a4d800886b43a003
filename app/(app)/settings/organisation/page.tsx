import type { Metadata } from 'next'
import { BrakesCard } from '@/components/brakes/brakes-card'
import { FreezeButton } from '@/components/brakes/freeze-button'
import { CheckpointsCard } from '@/components/evidence/checkpoints-card'
import { LostMails } from '@/components/organisation/lost-mails'
import { SignInCard } from '@/components/organisation/sign-in-card'
import { OrganisationForm } from '@/components/people-list/organisation-form'
import { settingsCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { formatClock, formatDuration } from '@/lib/format'
import { notHere } from '@/lib/not-here'
import { lostMails } from '@/lib/queries/lost-mails'
import { organisationPage } from '@/lib/queries/organisation'
import { requireViewer } from '@/lib/session'
import { edit, freeze, requireSignOn, thaw } from './actions'

export const metadata: Metadata = { title: 'Organisation' }

export default async function OrganisationPage() {
  const { ctx, now, zone } = await requireViewer()
  const [page, mails] = await Promise.all([organisationPage(ctx), lostMails(ctx)])
  if (!page) return notHere()
  const { name, timeZone, floorSeconds, payloadDays, version, changed } = page
  return (
    <PageFrame crumbs={[...settingsCrumbs, { label: 'Organisation' }]}>
      <h1 className="page-title sr-phone">Organisation</h1>
      <p className="page-sub">What holds for everybody, whatever a policy says.</p>
      <div className="mt-5 max-w-xl">
        {page.canEdit ? (
          <OrganisationForm
            key={version}
            name={name}
            timeZone={timeZone}
            floorSeconds={floorSeconds}
            payloadDays={payloadDays}
            version={version}
            zones={page.zones}
            action={edit}
          />
        ) : (
          <dl className="card card-pad facts">
            <dt>Name</dt>
            <dd>{name}</dd>
            <dt>Time zone</dt>
            <dd>{timeZone}</dd>
            <dt>Minimum duration</dt>
            <dd>{formatDuration(floorSeconds)}</dd>
            <dt>Entries’ details are kept</dt>
            <dd>{payloadDays === null ? 'for ever' : `${payloadDays} days`}</dd>
          </dl>
        )}
        <SignInCard {...page.signIn} version={version} act={requireSignOn} />
        {mails ? <LostMails view={mails} now={now} zone={zone} /> : null}
        {page.canFreeze ? (
          <div className="mt-4">
            <BrakesCard words="Freezing stops all giving, on every application, and never taking. Everybody sees it on every page.">
              <FreezeButton frozen={page.frozen} what="all giving" hidden={{}} freeze={freeze} thaw={thaw} />
            </BrakesCard>
          </div>
        ) : null}
        <CheckpointsCard standing={page.checkpoints} now={now} zone={zone} />
        {changed ? (
          <p className="hint mt-3 px-1">
            Last changed {formatClock(changed.at, zone, now)}
            {changed.by ? ` by ${changed.by}` : ''}.
          </p>
        ) : null}
      </div>
    </PageFrame>
  )
}
