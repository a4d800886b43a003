import type { Metadata } from 'next'
import { AddressCard } from '@/components/directory/address-card'
import { ClientCard } from '@/components/directory/client-card'
import { ConnectClient } from '@/components/directory/connect-client'
import { settingsCrumbs } from '@/components/shell/crumbs'
import { PageFrame } from '@/components/shell/page-frame'
import { EmptyState } from '@/components/ui/labels'
import { notHere } from '@/lib/not-here'
import { directoryPage } from '@/lib/queries/scim-clients'
import { requireViewer } from '@/lib/session'
import { addToken, connect, disconnect, revokeToken } from './actions'

export const metadata: Metadata = { title: 'Directory' }

export default async function Directory() {
  const { ctx, now, zone } = await requireViewer()
  const page = await directoryPage(ctx)
  if (!page) return notHere()
  return (
    <PageFrame crumbs={[...settingsCrumbs, { label: 'Directory' }]}>
      <div className="page-head flex-wrap">
        <h1 className="page-title">Directory</h1>
        {page.mayEdit ? (
          <div className="page-actions">
            <ConnectClient connect={connect} />
          </div>
        ) : null}
      </div>
      <p className="page-sub">
        Identity providers that write people and groups here, by SCIM 2.0. Whoever they deactivate leaves at
        once: no session, no access.
      </p>
      <div className="stack mt-5 max-w-3xl gap-4!">
        <AddressCard address={page.address} />
        {page.clients.map((client) => (
          <ClientCard
            key={client.id}
            client={client}
            page={page}
            now={now}
            zone={zone}
            actions={{ addToken, revokeToken, disconnect }}
          />
        ))}
        {page.clients.length === 0 ? (
          <div className="card">
            <EmptyState icon="plug" title="No identity provider is connected">
              People come by signing in, from a file, or are made by hand, until one is.
            </EmptyState>
          </div>
        ) : null}
      </div>
    </PageFrame>
  )
}
