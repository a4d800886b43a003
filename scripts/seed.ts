// Seeds an empty, migrated database with Halden, the organisation the demo and the browser stories live in.
// DATABASE_URL and the product's settings as usual; WAREHOUSE_URL and WAREHOUSE_PASSWORD for its target, and
// WAREHOUSE_OWN where that is a server of the demo's own.
import { parseArgs } from 'node:util'
import { schema } from '@/db/client'
import { startReview } from '@/lib/services/access-reviews'
import { syncCatalogue } from '@/lib/services/catalogue-sync'
import { testConnection } from '@/lib/services/connection-tests'
import { ORGANISATION_ID } from '@/lib/services/organisation'
import { command } from './lib/stop.mjs'
import { addGrants } from './seed/bulk'
import { happenings } from './seed/happenings'
import { playHistory } from './seed/history'
import { must } from './seed/must'
import { createHalden } from './seed/organisation'
import { plots } from './seed/plots'
import { Stage } from './seed/stage'
import { prepareWarehouse } from './seed/warehouse'

const DAYS_OF_HISTORY = 21

const { values } = parseArgs({ options: { grants: { type: 'string', default: '0' } } })
const { DATABASE_URL, WAREHOUSE_URL, WAREHOUSE_PASSWORD } = process.env
if (!DATABASE_URL || !WAREHOUSE_URL || !WAREHOUSE_PASSWORD) {
  throw new Error('DATABASE_URL, WAREHOUSE_URL and WAREHOUSE_PASSWORD have to be set')
}

await command(async () => {
  const ownServer = process.env.WAREHOUSE_OWN === '1'
  const now = new Date()
  const startAt = new Date(now.getTime() - DAYS_OF_HISTORY * 86_400_000)
  const stage = await Stage.open(DATABASE_URL, startAt)
  const known = await stage.db.query.organisation.findFirst()
  if (!known) {
    const warehouse = await prepareWarehouse(WAREHOUSE_URL, WAREHOUSE_PASSWORD, { ownServer })
    const halden = await createHalden(stage.db, warehouse, startAt)
    await playHistory(stage, halden, { plots: plots(now), beside: happenings(stage, halden, now) })
    const ines = await stage.as(halden.people.get('ines') ?? '')
    const application = { applicationId: halden.warehouseId }
    must(await syncCatalogue(ines, application))
    must(await testConnection(ines, application))
    must(
      await startReview(ines, {
        applicationId: halden.stripeId,
        name: 'Stripe, this quarter',
        instructions: 'Does this person still work on payments?',
        reviewers: 'people',
        reviewerIds: [halden.people.get('ben') ?? ''],
        consequence: 'visible',
        dueAt: new Date(now.getTime() + 14 * 86_400_000),
        entitlementIds: [],
      }),
    )
    // The last thing written: without it the next start knows that this one was cut short.
    await stage.db.insert(schema.timeline).values({
      subjectType: 'organisation',
      subjectId: ORGANISATION_ID,
      version: 1,
      verb: 'created',
      at: startAt,
      actorSystem: 'seed',
      data: { name: 'Halden' },
    })
  }
  await addGrants(stage.db, Number(values.grants))
  await stage.close()
})
