import { and, eq, isNull } from 'drizzle-orm'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { schema } from '@/db/client'
import { accountsOfApplication, myAccountWait } from '@/lib/queries/accounts'
import { linkAccount, proposeAccount, unlinkAccount } from '@/lib/services/accounts'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'

let world: LeaseWorld

beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const question = () =>
  world.db.query.accountQuestion.findFirst({ where: isNull(schema.accountQuestion.closedAt) })
const mails = async () =>
  (await world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'whose-account') })).map(
    (m) => m.recipient,
  )
const pinned = () =>
  world.db.query.account.findFirst({
    where: and(eq(schema.account.personId, world.ana.id), isNull(schema.account.unlinkedAt)),
  })
const entries = async (verb: 'asked_whose' | 'linked' | 'unlinked' | 'proposed') =>
  world.db.query.timeline.findMany({ where: eq(schema.timeline.verb, verb) })
const link = (more: { accountId?: string; text?: string; personId?: string }, as = world.ben) =>
  linkAccount(world.as(as), {
    applicationId: world.applicationId,
    personId: world.ana.id,
    accountId: null,
    text: null,
    ...more,
  })
const changeAddress = (email: string) =>
  world.db.update(schema.person).set({ email }).where(eq(schema.person.id, world.ana.id))

test('two accounts fit: owners and admins are asked once, nothing is given, and the answer goes on at once', async () => {
  const twin = world.target.state.addAccount({ email: world.ana.email, name: 'ana.second' })
  const id = await world.approved()
  await world.drain()
  expect(await world.grant(id)).toMatchObject({ state: 'provisioning', lastAnswer: 'principal_ambiguous' })
  expect(world.holders()).toEqual([])
  expect(await question()).toMatchObject({ kind: 'ambiguous', personId: world.ana.id })
  expect((await question())?.candidates.map((one) => one.id).sort()).toEqual(
    [world.anaAccount, twin.id].sort(),
  )
  await world.retryNow()
  expect((await mails()).sort()).toEqual([world.ben.email, world.ines.email].sort())
  expect(await entries('asked_whose')).toHaveLength(1)

  must(await link({ accountId: twin.id }))
  // No backoff is waited for: what is due is claimed now.
  await world.drain()
  expect(await world.grant(id)).toMatchObject({ state: 'active' })
  expect(world.holders()).toEqual([twin.id])
  expect(await question()).toBeUndefined()
  expect(await pinned()).toMatchObject({
    externalId: twin.id,
    linkedBy: world.ben.id,
    email: world.ana.email,
  })
  expect(await entries('linked')).toMatchObject([{ actorId: world.ben.id, data: { account: 'ana.second' } }])
  await world.advance('7h')
  expect(world.holders()).toEqual([])
  // The one that was passed over is no new question the next time.
  const again = await world.approved()
  await world.drain()
  expect(await world.grant(again)).toMatchObject({ state: 'active' })
  await world.advance('7h')
})

test('nobody answers for themself, and only owners and admins do', async () => {
  world.target.state.addAccount({ email: world.ana.email, name: 'ana.second' })
  await world.approved()
  await world.drain()
  expect(await link({ accountId: world.anaAccount }, world.ana)).toMatchObject({ code: 'forbidden' })
  const toIines = { accountId: world.anaAccount, personId: world.ines.id }
  expect(await link(toIines, world.ines)).toMatchObject({ code: 'forbidden' })
  expect(await pinned()).toBeUndefined()
})

test('an address that belongs to another account by now asks before the next give; the take goes by the pinned id', async () => {
  const id = await world.approved()
  await world.drain()
  // Ana left, and somebody new was given her address there.
  const held = world.target.state.accounts.get(world.anaAccount)!
  held.email = 'old.ana@example.com'
  const heir = world.target.state.addAccount({ email: world.ana.email, name: 'ana.new' })
  await world.advance('7h')
  expect(await world.grant(id)).toMatchObject({ state: 'ended', verified: true })
  expect(world.holders()).toEqual([])
  expect(await question()).toBeUndefined()

  const next = await world.approved()
  await world.drain()
  expect(await question()).toMatchObject({ kind: 'recycled' })
  expect((await question())?.candidates.map((one) => one.id)).toEqual([world.anaAccount, heir.id])
  expect(world.holders()).toEqual([])
  must(await link({ accountId: world.anaAccount }))
  await world.drain()
  expect(await world.grant(next)).toMatchObject({ state: 'active' })
  expect(world.holders()).toEqual([world.anaAccount])
  await world.advance('7h')
})

test('a person’s new address asks, unless the same account answers to it', async () => {
  const first = await world.approved()
  await world.drain()
  await world.advance('7h')
  world.target.state.accounts.get(world.anaAccount)!.email = 'ana.berg@example.com'
  await changeAddress('ana.berg@example.com')
  const second = await world.approved()
  await world.drain()
  expect(await world.grant(second)).toMatchObject({ state: 'active' })
  expect(await pinned()).toMatchObject({ email: 'ana.berg@example.com', externalId: world.anaAccount })
  expect(await entries('linked')).toMatchObject([{ data: { address: 'ana.berg@example.com' } }])
  await world.advance('7h')

  await changeAddress('ana.lund@example.com')
  const third = await world.approved()
  await world.drain()
  expect(await question()).toMatchObject({ kind: 'address_changed', candidates: [{ id: world.anaAccount }] })
  must(await link({ accountId: world.anaAccount }))
  await world.drain()
  expect(await world.grant(third)).toMatchObject({ state: 'active' })
  await world.advance('7h')
  expect(await world.grant(first)).toMatchObject({ state: 'ended' })
})

test('no account found: what people type is looked up before it is pinned, and the person may name their own', async () => {
  const account = world.target.state.accounts.get(world.anaAccount)!
  account.email = 'elsewhere@example.com'
  account.name = 'ana-o'
  const id = await world.approved()
  await world.drain()
  expect(await question()).toMatchObject({ kind: 'missing', candidates: [] })
  expect(await link({ text: 'nobody-there' })).toMatchObject({ code: 'invalid', field: 'text' })
  const propose = (text: string, as = world.ana) =>
    proposeAccount(world.as(as), { applicationId: world.applicationId, text })
  expect(await propose('ana-o', world.ines)).toMatchObject({ code: 'conflict' })
  const asHerself = () => myAccountWait(world.as(world.ana), world.applicationId)
  expect(await asHerself()).toMatchObject({
    kind: 'missing',
    askedOf: ['Ben Okafor'],
    named: null,
    typing: true,
  })
  expect(await myAccountWait(world.as(world.ines), world.applicationId)).toBeNull()
  must(await propose('ana-o'))
  expect(await asHerself()).toMatchObject({ named: 'ana-o' })
  expect(await question()).toMatchObject({ candidates: [{ id: world.anaAccount, proposed: true }] })
  expect(await world.grant(id)).toMatchObject({ state: 'provisioning' })
  // What they named stays in the list while the target still knows nothing.
  await world.retryNow()
  expect(await question()).toMatchObject({ candidates: [{ id: world.anaAccount, proposed: true }] })
  must(await link({ accountId: world.anaAccount }))
  await world.drain()
  expect(world.holders()).toEqual([world.anaAccount])
  const seen = await accountsOfApplication(world.as(world.ines), world.applicationId)
  expect(seen).toMatchObject({ questions: [], mayLink: true, typing: true })
  expect(seen?.linked).toMatchObject([{ account: 'ana-o', liveGrants: 1, mayChange: true, by: 'Ben Okafor' }])
  expect(await accountsOfApplication(world.as(world.ana), world.applicationId)).toBeNull()
  const row = await pinned()
  const unlink = () =>
    unlinkAccount(world.as(world.ben), { applicationId: world.applicationId, accountId: row!.id })
  expect(await unlink()).toMatchObject({ code: 'conflict' })
  await world.advance('7h')
  must(await unlink())
  expect(await pinned()).toBeUndefined()
  expect(await entries('unlinked')).toHaveLength(1)
})

test('the account that fits is another person’s: asked, and not pinned twice', async () => {
  await world.db.insert(schema.account).values({
    id: crypto.randomUUID(),
    connectionId: world.connectionId,
    personId: world.ben.id,
    externalId: world.anaAccount,
    name: 'ana',
    email: world.ben.email,
  })
  const id = await world.approved()
  await world.drain()
  expect(await question()).toMatchObject({ kind: 'taken', candidates: [{ id: world.anaAccount }] })
  expect(await link({ accountId: world.anaAccount })).toMatchObject({ code: 'conflict', field: 'text' })
  expect(await world.grant(id)).toMatchObject({ state: 'provisioning' })
  expect(world.holders()).toEqual([])
})

test('a question that answers itself in the target is closed without anybody', async () => {
  const twin = world.target.state.addAccount({ email: world.ana.email, name: 'ana.second' })
  const id = await world.approved()
  await world.drain()
  expect(await question()).toMatchObject({ kind: 'ambiguous' })
  world.target.state.accounts.delete(twin.id)
  await world.retryNow()
  expect(await world.grant(id)).toMatchObject({ state: 'active' })
  expect(await question()).toBeUndefined()
  await world.advance('7h')
})
