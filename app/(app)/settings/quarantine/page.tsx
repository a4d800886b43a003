import type { Metadata } from 'next'
import { Differences } from '@/components/quarantine/differences'
import { GoOn } from '@/components/quarantine/go-on'
import { Compared, PastQuarantines, WhyHeld } from '@/components/quarantine/parts'
import { settingsCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { EmptyState } from '@/components/ui/labels'
import { notHere } from '@/lib/not-here'
import { quarantinePage } from '@/lib/queries/quarantine'
import { requireViewer } from '@/lib/session'
import { end } from './actions'

export const metadata: Metadata = { title: 'Quarantine' }

export default async function Quarantine() {
  const { ctx, now, zone } = await requireViewer()
  const page = await quarantinePage(ctx)
  if (!page) return notHere()
  const { open, past } = page
  return (
    <PageFrame crumbs={[...settingsCrumbs, { label: 'Quarantine' }]} className="screen-quarantine">
      <h1 className="page-title sr-phone">Quarantine</h1>
      {open ? (
        <>
          <p className="page-sub">
            This database was restored from a backup and says what was true then. Until you confirm, Leasehold
            looks at the targets and gives, takes and sends nothing.
          </p>
          <div className="q-columns">
            <div className="q-main">
              {open.differences.map((list) => (
                <Differences
                  key={list.kind}
                  list={list}
                  complete={open.compared.every(({ at, problem }) => at !== null && problem === null)}
                  now={now}
                  zone={zone}
                />
              ))}
            </div>
            <div className="q-side">
              <GoOn quarantine={open} end={end} />
              <WhyHeld quarantine={open} now={now} zone={zone} />
              <Compared rows={open.compared} now={now} zone={zone} />
            </div>
          </div>
        </>
      ) : (
        <>
          <p className="page-sub">
            A database that was restored from a backup waits here until an admin has seen what is different.
          </p>
          <div className="card mt-4">
            <EmptyState icon="shield-check" heading="h2" title="Not in quarantine">
              This is the database that Leasehold knows. It gives and takes as agreed.
            </EmptyState>
          </div>
        </>
      )}
      <PastQuarantines rows={past} now={now} zone={zone} />
    </PageFrame>
  )
}
