import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { schema } from '@/db/client'
import { webhookConnector } from '@/lib/connectors/webhook'
import { newId } from '@/lib/ids'
import { findingsOf } from '@/lib/queries/findings'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { adoptHolder, ignoreFinding, removeHolders, setExclusive } from './findings'
import { returnGrant } from './grants'
import { readConnection, readHolders } from './holder-readings'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(async () => {
  vi.restoreAllMocks()
  await world.close()
})

const read = async () => must(await readHolders(world.as(world.ben), { applicationId: world.applicationId }))
/** Somebody with an account in the target; added to the entitlement by hand where said. */
function stranger(name: string, held = true) {
  const account = world.target.state.addAccount({ email: `${name}@halden.example`, name })
  if (held) world.target.state.hold(world.externalId, account.id, { state: 'direct' })
  return account.id
}
const findings = () => world.db.query.finding.findMany({ orderBy: schema.finding.id })
const open = async () => (await findings()).filter((f) => !f.closedAt)
const only = async () => {
  const [one, ...more] = await open()
  expect(more).toEqual([])
  return one!
}
const standing = async () => (await world.db.query.standing.findMany()).map((row) => row.externalId).sort()
const connection = async () =>
  (await world.db.query.connection.findFirst({ where: eq(schema.connection.id, world.connectionId) }))!
const entitlement = async () =>
  (await world.db.query.entitlement.findFirst({ where: eq(schema.entitlement.id, world.entitlementId) }))!
const mailsOf = (kind: string) =>
  world.db.query.mail.findMany({ where: eq(schema.mail.kind, kind), orderBy: schema.mail.recipient })
const taken = () => world.target.state.effects.filter(({ act }) => act === 'taken').map((e) => e.account)
/** Past the time within which the target may not show a change yet. */
const settle = () => world.advance('+5m')
/** The next reading after a moment, so that two are never in the same millisecond. */
const later = async () => {
  await settle()
  return read()
}
const order = (findingIds: string[], more: { confirm?: string; reason?: string } = {}) =>
  removeHolders(world.as(world.ben), {
    applicationId: world.applicationId,
    findingIds,
    confirm: 'Data warehouse',
    reason: 'left the team',
    ...more,
  })

describe('reading who holds what', () => {
  it('makes the baseline at first, and finds nothing in it', async () => {
    const old = stranger('old')
    const grantId = await world.approved()
    await world.drain()
    expect(await read()).toMatchObject({ read: 1, found: 0 })
    expect(await standing()).toEqual([old])
    await later()
    expect(await open()).toEqual([])
    expect(await world.verbs(world.connectionId)).toEqual(['holders_read'])
    expect((await world.grant(grantId)).state).toBe('active')
  })

  it('finds whoever came without a lease, tells the owner once, and sees when they are gone', async () => {
    await read()
    const eve = stranger('eve')
    expect(await later()).toMatchObject({ found: 1 })
    const found = await only()
    expect(found).toMatchObject({
      kind: 'unknown_holder',
      holder: { id: eve, email: 'eve@halden.example' },
    })
    expect(await later()).toMatchObject({ found: 0 })
    expect((await only()).seenAt!.getTime()).toBeGreaterThan(found.seenAt!.getTime())
    await world.drain()
    const mails = await mailsOf('drift-found')
    expect(mails.map((mail) => [mail.recipient, mail.state])).toEqual([[world.ben.email, 'sent']])
    expect(mails[0]?.text).toContain('without a lease')
    world.target.state.drop(world.externalId, eve)
    expect(await later()).toMatchObject({ over: 1 })
    expect(await findings()).toMatchObject([{ closedAs: 'gone' }])
  })

  it('finds a lease that somebody took by hand, flags it, gives nothing, and tells holder and owner', async () => {
    const grantId = await world.approved()
    await world.drain()
    await read()
    world.target.state.drop(world.externalId, world.anaAccount)
    await later()
    expect(await only()).toMatchObject({ kind: 'missing_holder', grantId })
    await world.drain()
    expect(world.holders()).toEqual([])
    expect((await mailsOf('access-missing')).map((mail) => mail.recipient)).toEqual([world.ana.email])
    expect((await mailsOf('drift-found')).map((mail) => mail.recipient)).toEqual([world.ben.email])
    must(await returnGrant(world.as(world.ana), { grantId, reason: '' }))
    await world.drain()
    await later()
    expect(await findings()).toMatchObject([{ closedAs: 'gone' }])
  })

  it('never calls drift what is on its way, or moved a moment ago', async () => {
    await read()
    world.target.fault({ kind: 'pending', polls: 1, on: 'grant.provision' })
    const grantId = await world.approved()
    await world.drain()
    expect((await world.grant(grantId)).state).toBe('provisioning')
    await read()
    await world.retryNow()
    await world.retryNow()
    expect((await world.grant(grantId)).state).toBe('active')
    world.target.state.drop(world.externalId, world.anaAccount)
    await read()
    expect(await findings()).toEqual([])
    await later()
    expect(await open()).toHaveLength(1)
  })

  it('shows what was found, and how many hold it rightly', async () => {
    stranger('old')
    await world.approved()
    await world.drain()
    await read()
    expect((await findingsOf(world.as(world.ben), world.applicationId))?.items).toEqual([])
    stranger('eve')
    await later()
    const view = (await findingsOf(world.as(world.ben), world.applicationId))!
    expect(view.items).toMatchObject([{ kind: 'unknown_holder', entitlement: 'prod_read', removing: null }])
    expect(view.entitlements).toMatchObject([
      { name: 'prod_read', standing: 1, leased: 1, strangers: [{ findingId: view.items[0]!.id }] },
    ])
    expect(view.can).toMatchObject({ settle: true, read: true, exclusive: false })
    expect(await findingsOf(world.as(world.ana), world.applicationId)).toBeNull()
  })

  it('reads on over every page', async () => {
    await read()
    for (let i = 0; i < 5; i++) stranger(`p${i}`)
    world.target.state.pageSize = 2
    expect(await later()).toMatchObject({ found: 5 })
  })

  it('changes nothing of what could not be read to its end, and says why', async () => {
    await read()
    for (let i = 0; i < 5; i++) stranger(`p${i}`)
    world.target.state.pageSize = 2
    await settle()
    const before = await entitlement()
    world.target.fault({ kind: 'delay', ms: 0, on: 'grant.holders' })
    world.target.fault({ kind: 'status', status: 503, on: 'grant.holders' })
    expect(await read()).toMatchObject({ read: 0, problems: 1 })
    expect(await findings()).toEqual([])
    expect((await entitlement()).holdersAt).toEqual(before.holdersAt)
    expect((await connection()).holdersError).toContain('prod_read')
    await later()
    expect(await connection()).toMatchObject({ holdersError: null })
    expect(await open()).toHaveLength(5)
  })

  it('is for owners and admins, and goes by itself', async () => {
    const asked = world.target.calls.length
    const stranger = await readHolders(world.as(world.ana), { applicationId: world.applicationId })
    expect(stranger).toMatchObject({ code: 'forbidden' })
    expect(world.target.calls).toHaveLength(asked)
    await readConnection(world.as('engine'), world.connectionId)
    expect((await entitlement()).holdersAt).toEqual(expect.any(Date))
  })
})

describe('settling what was found', () => {
  const settled = { reason: 'on call for good' }
  beforeEach(async () => {
    await read()
  })

  it('adopts with a reason: standing from then on', async () => {
    const eve = stranger('eve')
    await later()
    const { id } = await only()
    expect(await adoptHolder(world.as(world.ana), { findingId: id, ...settled })).toMatchObject({
      code: 'forbidden',
    })
    expect(await adoptHolder(world.as(world.ben), { findingId: id, reason: '' })).toMatchObject({
      field: 'reason',
    })
    must(await adoptHolder(world.as(world.ben), { findingId: id, ...settled }))
    expect(await adoptHolder(world.as(world.ben), { findingId: id, ...settled })).toMatchObject({
      code: 'conflict',
    })
    expect(await standing()).toEqual([eve])
    await later()
    expect(await findings()).toMatchObject([{ closedAs: 'adopted', closedBy: world.ben.id }])
    expect(await world.verbs(world.applicationId)).toEqual(['adopted'])
  })

  it('ignores for as long as every reading finds it; gone once and back, it is found anew', async () => {
    const eve = stranger('eve')
    await later()
    must(await ignoreFinding(world.as(world.ben), { findingId: (await only()).id, ...settled }))
    await later()
    await later()
    expect(await open()).toEqual([])
    world.target.state.drop(world.externalId, eve)
    await later()
    world.target.state.hold(world.externalId, eve, { state: 'direct' })
    await later()
    expect(await only()).toMatchObject({ kind: 'unknown_holder', holder: { id: eve } })
  })

  it('removes, one by one, and closes only what was seen gone', async () => {
    const [eve, mo] = [stranger('eve'), stranger('mo')]
    await later()
    const ids = (await open()).map((f) => f.id)
    expect(await order(ids, { confirm: 'data' })).toMatchObject({ code: 'invalid', field: 'confirm' })
    expect(await order(ids, { reason: '' })).toMatchObject({ field: 'reason' })
    expect(await order([...ids, newId()])).toMatchObject({ code: 'conflict' })
    expect(await order(Array.from({ length: 11 }, newId))).toMatchObject({ code: 'limit' })
    expect(taken()).toEqual([])
    must(await order(ids))
    world.target.fault({ kind: 'status', status: 503, on: 'grant.revoke', account: mo })
    await world.drain()
    expect(world.holders()).toEqual([mo])
    expect((await findings()).map((f) => f.closedAs).sort()).toEqual([null, 'removed'].sort())
    await world.retryNow()
    expect(world.holders()).toEqual([])
    expect(new Set(taken())).toEqual(new Set([eve, mo]))
    expect((await findings()).map((f) => f.closedAs)).toEqual(['removed', 'removed'])
    const verbs = await world.verbs(world.applicationId)
    expect(verbs[0]).toBe('removing')
    expect(verbs.slice(1).sort()).toEqual(['answered', 'removed', 'removed'])
  })

  it('says of whom a take would not remove why, and neither tries nor counts them', async () => {
    await read()
    const eve = stranger('eve')
    const fixed = 'Another administrator granted it.'
    const list = webhookConnector.listHolders!
    vi.spyOn(webhookConnector, 'listHolders').mockImplementation(async (ctx, args) => {
      const page = await list(ctx, args)
      return { ...page, items: page.items.map((one) => (one.account.id === eve ? { ...one, fixed } : one)) }
    })
    await later()
    const found = await only()
    const view = await findingsOf(world.as(world.ben), world.applicationId)
    expect(view?.items).toMatchObject([{ fixed }])
    expect(view?.entitlements[0]?.strangers).toEqual([])
    expect(await order([found.id])).toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('Another administrator granted it'),
    })
    const { entitlementId } = world
    const { version } = await entitlement()
    const exclusive = { entitlementId, version, exclusive: true, cap: 2, seen: [] }
    must(await setExclusive(world.as(world.ines), exclusive))
    expect(await later()).toMatchObject({ removing: 0 })
    expect(world.target.calls.map((c) => c.type)).not.toContain('grant.revoke')
  })

  it('is not fooled by an answer without an effect: it looks, and tries again', async () => {
    const eve = stranger('eve')
    await later()
    world.target.fault({
      kind: 'status',
      status: 200,
      body: { state: 'done', changed: true },
      on: 'grant.revoke',
    })
    must(await order([(await only()).id]))
    await world.drain()
    expect(world.holders()).toEqual([eve])
    expect((await only()).closedAt).toBeNull()
    await world.retryNow()
    expect(world.holders()).toEqual([])
    expect(await open()).toEqual([])
  })

  it('leaves whoever got a lease or a standing right before it was removed', async () => {
    world.target.state.hold(world.externalId, world.anaAccount, { state: 'direct' })
    const eve = stranger('eve')
    await later()
    const all = await open()
    must(await order(all.map((f) => f.id)))
    const grantId = await world.approved()
    const evil = all.find((f) => f.holder?.id === eve)!
    must(await adoptHolder(world.as(world.ben), { findingId: evil.id, ...settled }))
    await world.drain()
    expect(taken()).toEqual([])
    expect((await world.grant(grantId)).preexisting).toBe(true)
    await later()
    expect((await findings()).map((f) => f.closedAs).sort()).toEqual(['adopted', 'leased'])
  })
})

describe('an entitlement that is just-in-time only', () => {
  const set = async (
    more: { exclusive?: boolean; cap?: number; seen?: string[]; as?: 'ben' | 'ines' } = {},
  ) =>
    setExclusive(world.as(world[more.as ?? 'ines']), {
      entitlementId: world.entitlementId,
      version: (await entitlement()).version,
      exclusive: more.exclusive ?? true,
      cap: more.cap ?? 2,
      seen: more.seen ?? [],
    })

  it('asks for a reading first, and for a look at whom it would remove', async () => {
    stranger('old')
    expect(await set()).toMatchObject({ code: 'conflict' })
    await read()
    stranger('eve')
    await later()
    expect(await set()).toMatchObject({ code: 'stale' })
    expect(await set({ as: 'ben', seen: [(await only()).id] })).toMatchObject({ code: 'forbidden' })
    must(await set({ seen: [(await only()).id] }))
    expect(taken()).toEqual([])
  })

  it('removes who has no right at the next reading, and never the baseline or a lease', async () => {
    const old = stranger('old')
    const grantId = await world.approved()
    await world.drain()
    await read()
    must(await set())
    const eve = stranger('eve')
    expect(await later()).toMatchObject({ found: 1, removing: 1 })
    await world.drain()
    expect(world.holders()).toEqual([old, world.anaAccount].sort())
    expect(taken()).toEqual([eve])
    expect((await world.grant(grantId)).state).toBe('active')
    expect(await findings()).toMatchObject([{ closedAs: 'removed' }])
  })

  it('removes nobody where it would be more than the cap, and tells the admins', async () => {
    await read()
    must(await set())
    const ids = ['a', 'b', 'c'].map((name) => stranger(name))
    expect(await later()).toMatchObject({ found: 3, removing: 0 })
    await later()
    await world.drain()
    expect(taken()).toEqual([])
    const mails = await mailsOf('drift-found')
    expect(mails.map((mail) => mail.recipient).sort()).toEqual([world.ben.email, world.ines.email].sort())
    expect(mails[0]?.text).toContain('Nobody was removed.')
    // Two are left after one is settled: within the cap.
    const [first] = await world.db.query.finding.findMany({
      where: and(eq(schema.finding.kind, 'unknown_holder')),
      orderBy: schema.finding.id,
    })
    must(await ignoreFinding(world.as(world.ben), { findingId: first!.id, reason: 'a robot' }))
    expect(await later()).toMatchObject({ removing: 2 })
    await world.drain()
    expect(world.holders()).toEqual(ids.filter((id) => id === first!.holder?.id))
  })
})
