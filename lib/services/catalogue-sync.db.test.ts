import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { catalogue } from '@/lib/queries/catalogue'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { acceptListing, syncCatalogue, syncConnection } from './catalogue-sync'
import { revokeGrant } from './grants'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const sync = () => syncCatalogue(world.as(world.ben), { applicationId: world.applicationId })
const entitlements = () =>
  world.db.query.entitlement.findMany({
    where: eq(schema.entitlement.connectionId, world.connectionId),
    orderBy: schema.entitlement.name,
  })
const called = async (name: string) => {
  const rows = (await entitlements()).filter((row) => row.name === name)
  expect(rows).toHaveLength(1)
  return rows[0]!
}
const connection = async () => {
  const row = await world.db.query.connection.findFirst({
    where: eq(schema.connection.id, world.connectionId),
  })
  return row!
}
const entries = async () =>
  (
    await world.db.query.timeline.findMany({
      where: eq(schema.timeline.subjectId, world.connectionId),
      orderBy: schema.timeline.version,
    })
  ).map(({ verb, data }) => [verb, data.what])
const mailsOf = (kind: string) =>
  world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind), orderBy: schema.mail.recipient })

describe('syncing the catalogue', () => {
  it('adds and renames, with one entry for each sync that changed something', async () => {
    world.target.state.addEntitlement({ name: 'prod_write' })
    world.target.state.addEntitlement({ name: 'hr', requestable: false, reason: 'Synced from HR.' })
    expect(must(await sync())).toMatchObject({ found: 3, added: 2 })
    expect(must(await sync())).toMatchObject({ found: 3, added: 0, renamed: 0, closed: 0 })
    world.target.state.entitlements.get(world.externalId)!.name = 'prod_reader'
    expect(must(await sync())).toMatchObject({ renamed: 1 })
    expect(await called('hr')).toMatchObject({ requestable: false, reason: 'Synced from HR.' })
    expect(await called('prod_reader')).toMatchObject({ id: world.entitlementId })
    expect(await entries()).toEqual([
      ['synced', 'New: prod_write, hr.'],
      ['synced', 'Renamed: prod_read is prod_reader now.'],
    ])
  })

  it('says the new name in the catalogue and in mails from then on', async () => {
    world.target.state.entitlements.get(world.externalId)!.name = 'prod_reader'
    must(await sync())
    const seen = JSON.stringify(await catalogue(world.as(world.ana), new Date()))
    expect(seen).toContain('prod_reader')
    expect(seen).not.toContain('"prod_read"')
    await world.approved()
    await world.drain()
    const [ready] = await mailsOf('access-ready')
    expect(ready?.subject).toContain('prod_reader')
  })

  it('closes only what two complete listings in a row lack', async () => {
    const gone = world.target.state.addEntitlement({ name: 'prod_write' })
    must(await sync())
    world.target.state.entitlements.delete(gone.id)
    expect(must(await sync())).toMatchObject({ closed: 0, missing: 1 })
    expect(await called('prod_write')).toMatchObject({ closedAt: null, missedListings: 1 })
    world.target.state.entitlements.set(gone.id, gone)
    must(await sync())
    expect(await called('prod_write')).toMatchObject({ closedAt: null, missedListings: 0 })

    world.target.state.entitlements.delete(gone.id)
    must(await sync())
    expect(must(await sync())).toMatchObject({ closed: 1 })
    expect(await called('prod_write')).toMatchObject({
      closedAt: expect.any(Date),
      reason: 'Gone from the target',
    })
    // Nobody held it and no policy offers it.
    expect(await mailsOf('entitlement-gone')).toEqual([])
    world.target.state.entitlements.set(gone.id, gone)
    expect(must(await sync())).toMatchObject({ reopened: 1 })
    expect(await called('prod_write')).toMatchObject({ closedAt: null, reason: null })
  })

  it('tells holder and owner of what is gone, and the take proves it', async () => {
    const grantId = await world.approved()
    await world.drain()
    world.target.state.addEntitlement({ name: 'other' })
    must(await sync())
    world.target.state.drop(world.externalId, world.anaAccount)
    world.target.state.entitlements.delete(world.externalId)
    must(await sync())
    must(await sync())
    await world.drain()
    const mails = await mailsOf('entitlement-gone')
    expect(mails.map((mail) => [mail.recipient, mail.state])).toEqual([
      [world.ana.email, 'sent'],
      [world.ben.email, 'sent'],
    ])
    expect(mails[1]?.text).toContain('Ana Oliveira held it.')
    expect(mails[1]?.text).toContain('Production read still offers it.')
    must(await revokeGrant(world.as(world.ben), { grantId, reason: 'it is gone' }))
    await world.drain()
    expect(await world.grant(grantId)).toMatchObject({ state: 'ended', verified: true })
  })

  it('takes one made again under its name for a new one, and says so', async () => {
    world.target.state.addEntitlement({ name: 'other' })
    must(await sync())
    world.target.state.entitlements.delete(world.externalId)
    must(await sync())
    must(await sync())
    const made = world.target.state.addEntitlement({ name: 'prod_read' })
    expect(must(await sync())).toMatchObject({ added: 1, reopened: 0 })
    const [first, second] = (await entitlements()).filter((row) => row.name === 'prod_read')
    const old = first?.id === world.entitlementId ? first : second
    const fresh = first?.id === world.entitlementId ? second : first
    expect(old?.closedAt).toEqual(expect.any(Date))
    expect(fresh).toMatchObject({ externalId: made.id, closedAt: null })
    expect((await entries()).at(-1)).toEqual([
      'synced',
      'Made again under its former name, and so a new one: prod_read.',
    ])
  })

  it('changes nothing when the list breaks off half way, and says why until one is complete', async () => {
    for (let i = 0; i < 4; i++) world.target.state.addEntitlement({ name: `role ${i}` })
    world.target.state.pageSize = 2
    must(await sync())
    const before = await entitlements()
    world.target.state.entitlements.delete([...world.target.state.entitlements.keys()][0] ?? '')
    const asked = world.target.calls.length
    world.target.fault({ kind: 'delay', ms: 0, on: 'catalogue.list' })
    world.target.fault({ kind: 'reset', at: 'before', on: 'catalogue.list' })
    expect(await sync()).toMatchObject({ ok: false, code: 'unavailable' })
    // The first page came, the second did not.
    expect(world.target.calls.slice(asked).map((call) => call.status)).toEqual([200, null])
    expect(await entitlements()).toEqual(before)
    expect((await connection()).syncError).toContain('could not be read, so nothing changed')
    must(await sync())
    expect((await connection()).syncError).toBeNull()
  })

  it('never closes anything by an empty list', async () => {
    world.target.state.entitlements.clear()
    for (const read of [sync, sync, () => accept('ines')])
      expect(await read()).toMatchObject({ ok: false, code: 'unavailable' })
    expect(await called('prod_read')).toMatchObject({ closedAt: null, missedListings: 0 })
    expect((await connection()).syncError).toContain('came back empty')
  })

  const accept = (who: 'ben' | 'ines') =>
    acceptListing(world.as(world[who]), { applicationId: world.applicationId })

  it('keeps aside a list that shrank by more than half until an admin accepts it', async () => {
    const added = Array.from({ length: 4 }, (_, i) =>
      world.target.state.addEntitlement({ name: `role ${i}` }),
    )
    must(await sync())
    for (const { id } of added) world.target.state.entitlements.delete(id)
    for (let i = 0; i < 3; i++)
      expect(await sync()).toMatchObject({ code: 'conflict', message: expect.stringContaining('4 of 5') })
    expect((await entitlements()).every((row) => !row.closedAt && row.missedListings === 0)).toBe(true)
    expect(await connection()).toMatchObject({ syncShrunk: { offered: 5, lacking: 4 } })

    expect(await accept('ben')).toMatchObject({ code: 'forbidden' })
    expect(must(await accept('ines'))).toMatchObject({ missing: 4, closed: 0 })
    expect(await connection()).toMatchObject({ syncShrunk: null, syncError: null })
    expect(must(await sync())).toMatchObject({ closed: 4 })
    expect(await called('prod_read')).toMatchObject({ closedAt: null })
  })

  it('goes by itself, leaves archived applications alone, and does not take a target that is down for a fault', async () => {
    const engine = world.as('engine')
    world.target.state.addEntitlement({ name: 'prod_write' })
    await syncConnection(engine, world.connectionId)
    expect(await called('prod_write')).toMatchObject({ closedAt: null })
    world.target.fault({ kind: 'reset', at: 'before', on: 'catalogue.list' })
    await syncConnection(engine, world.connectionId)
    expect((await connection()).syncError).not.toBeNull()
    const asked = world.target.calls.length
    await world.db
      .update(schema.application)
      .set({ archivedAt: new Date() })
      .where(eq(schema.application.id, world.applicationId))
    await syncConnection(engine, world.connectionId)
    expect(world.target.calls).toHaveLength(asked)
  })
})
