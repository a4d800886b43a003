import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { newSigningSecret } from '@/lib/connectors/testing/target'
import { blankPolicy } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { createPolicy } from '@/lib/services/policies'
import { applicationChoices, applicationPage, listApplications } from './applications'
import { listGroups } from './groups'
import { organisationPage } from './organisation'
import { listPeople, personPage } from './people'
import { listPolicies, policyEditor, policyPage } from './policies'
import { placesToManage, searchShell } from './shell'

/** Two applications, two owners, a policy for each: who sees which of it. */
let world: World
let admin: TestPerson
let auditor: TestPerson
let jonas: TestPerson
let ben: TestPerson
let member: TestPerson
let gone: TestPerson
let warehouse: string
let stripe: string
let readPolicy: string
let stripePolicy: string
let draftOnly: string
const secret = newSigningSecret()
const now = new Date('2026-11-12T13:27:46Z')

beforeAll(async () => {
  world = await createWorld()
  admin = await world.person('Ines Albrecht', { admin: true })
  auditor = await world.person('Audra Wolf', { auditor: true })
  jonas = await world.person('Jonas Weber', { team: 'Data engineering' })
  ben = await world.person('Ben Okafor')
  member = await world.person('Ana Oliveira', { managerId: ben.id })
  gone = await world.person('Gone Person', { admin: true, deactivatedAt: now })
  const config = { url: 'https://hook.example.com', effectDelaySeconds: 0 }
  const connectionId = await world.connection('webhook', config, { secret })
  warehouse = await world.application('Data warehouse', { owners: [jonas, gone], connectionId })
  stripe = await world.application('Stripe', { owners: [ben] })
  const read = await world.entitlement(warehouse, 'prod_read')
  await world.entitlement(warehouse, 'prod_write')
  const refunds = await world.entitlement(stripe, 'Refunds')
  readPolicy = await world.policy('Production read', { ...blankPolicy, entitlementIds: [read] })
  stripePolicy = await world.policy('Stripe by hand', { ...blankPolicy, entitlementIds: [refunds] })
  const made = await createPolicy(world.as(admin), { name: 'Still being written', description: null })
  draftOnly = made.ok ? made.value.policyId : ''
})
afterAll(() => world.close())

describe('policies', () => {
  const named = async (who: TestPerson) => (await listPolicies(world.as(who)))?.rows.map((r) => r.name)

  it('admins and auditors see all of them, owners those of their applications, others none', async () => {
    const all = ['Production read', 'Still being written', 'Stripe by hand']
    expect(await named(admin)).toEqual(all)
    expect(await named(auditor)).toEqual(all)
    expect(await named(jonas)).toEqual(['Production read'])
    expect(await named(ben)).toEqual(['Stripe by hand'])
    expect(await named(member)).toBeUndefined()
    expect(await named(gone)).toBeUndefined()
  })

  it('one policy is found in the same scope only', async () => {
    expect(await policyPage(world.as(jonas), readPolicy)).toMatchObject({ canEdit: false, draft: null })
    expect(await policyPage(world.as(jonas), stripePolicy)).toBeNull()
    expect(await policyPage(world.as(jonas), draftOnly)).toBeNull()
    expect(await policyPage(world.as(member), readPolicy)).toBeNull()
    expect(await policyPage(world.as(admin), newId())).toBeNull()
  })

  it('only admins get the editor, which names what cannot be offered and why', async () => {
    const editor = await policyEditor(world.as(admin), draftOnly)
    expect(editor?.entitlements.map((e) => [e.name, e.why])).toEqual([
      ['prod_read', 'Offered by the policy “Production read”'],
      ['prod_write', null],
      ['Refunds', 'Offered by the policy “Stripe by hand”'],
    ])
    for (const who of [auditor, jonas, member])
      expect(await policyEditor(world.as(who), draftOnly)).toBeNull()
  })
})

describe('applications', () => {
  const named = async (who: TestPerson) => (await listApplications(world.as(who)))?.rows.map((r) => r.name)

  it('owners see theirs, readers all, others none', async () => {
    expect(await named(auditor)).toEqual(['Data warehouse', 'Stripe'])
    expect(await named(jonas)).toEqual(['Data warehouse'])
    expect(await named(member)).toBeUndefined()
    expect(await named(gone)).toBeUndefined()
    expect(await applicationPage(world.as(ben), warehouse)).toBeNull()
    expect(await applicationPage(world.as(member), warehouse)).toBeNull()
    expect(await applicationPage(world.as(admin), newId())).toBeNull()
  })

  it('say that a secret is set and never what it is', async () => {
    const page = await applicationPage(world.as(admin), warehouse)
    expect(page?.connection?.secrets).toContainEqual(expect.objectContaining({ name: 'secret', set: true }))
    expect(page?.connection?.secrets).toContainEqual(
      expect.objectContaining({ name: 'nextSecret', set: false }),
    )
    expect(JSON.stringify(page)).not.toContain(secret.slice(6))
    expect(page?.connection?.fields.map((f) => f.name)).not.toContain('secret')
  })

  it('show what each may do', async () => {
    const may = async (who: TestPerson) => (await applicationPage(world.as(who), warehouse))?.can
    expect(await may(admin)).toMatchObject({ edit: true, connect: true, test: true, administer: true })
    expect(await may(jonas)).toMatchObject({ edit: true, connect: false, test: true, administer: false })
    expect(await may(auditor)).toMatchObject({ edit: false, connect: false, test: false })
    expect(await applicationChoices(world.as(jonas), stripe)).toBeNull()
    expect(await applicationChoices(world.as(jonas), null)).toBeNull()
  })
})

describe('people', () => {
  const search = { q: '', show: 'active', page: 1 } as const

  it('are listed for readers and owners, with roles and without the deactivated', async () => {
    const list = await listPeople(world.as(jonas), search)
    expect(list?.rows.map((r) => r.name)).toEqual([
      'Ana Oliveira',
      'Audra Wolf',
      'Ben Okafor',
      'Ines Albrecht',
      'Jonas Weber',
    ])
    expect(list?.rows.find((r) => r.name === 'Ana Oliveira')).toMatchObject({
      managerName: 'Ben Okafor',
      roles: [],
    })
    expect(list?.rows.find((r) => r.name === 'Jonas Weber')?.roles).toEqual(['owner'])
    expect(await listPeople(world.as(member), search)).toBeNull()
  })

  it('are found by name, address or team; wild cards are letters', async () => {
    const found = async (q: string) =>
      (await listPeople(world.as(admin), { ...search, q }))?.rows.map((r) => r.name)
    expect(await found('OLIV')).toEqual(['Ana Oliveira'])
    expect(await found('data eng')).toEqual(['Jonas Weber'])
    expect(await found('%')).toEqual([])
    expect(await found('a_a')).toEqual([])
    expect((await listPeople(world.as(admin), { ...search, show: 'deactivated' }))?.total).toBe(1)
  })

  it('a page that does not exist is the last one', async () => {
    expect(await listPeople(world.as(admin), { ...search, page: 99 })).toMatchObject({ page: 1, pages: 1 })
  })

  it('one sees oneself, a member nobody else', async () => {
    expect(await personPage(world.as(member), member.id, now)).toMatchObject({ partly: false })
    expect(await personPage(world.as(member), ben.id, now)).toBeNull()
    expect(await personPage(world.as(jonas), ben.id, now)).toMatchObject({ partly: true })
    expect(await personPage(world.as(admin), newId(), now)).toBeNull()
  })

  it('are deactivated by admins alone, who are told why the last of them stays', async () => {
    const offered = async (who: TestPerson, whom: TestPerson) =>
      (await personPage(world.as(who), whom.id, now))?.deactivate
    expect(await offered(admin, ben)).toEqual({ refusal: null })
    expect(await offered(admin, admin)).toEqual({ refusal: expect.stringContaining('the last admin') })
    expect(await offered(admin, gone)).toBeNull()
    for (const who of [auditor, jonas]) expect(await offered(who, ben)).toBeNull()
  })

  it('are found in groups, those that are not in use marked and offered for nothing', async () => {
    const inUse = await world.group('Stewards', [ben, gone])
    const old = await world.group('Old stewards', [ben])
    await world.db.update(schema.group).set({ deactivatedAt: now }).where(eq(schema.group.id, old))
    expect((await personPage(world.as(admin), ben.id, now))?.groups).toEqual([
      { id: old, name: 'Old stewards', active: false },
      { id: inUse, name: 'Stewards', active: true },
    ])
    const list = await listPeople(world.as(admin), { ...search, q: 'Ben' })
    expect(list?.rows.map((r) => r.groups)).toEqual([['Stewards']])
    const choices = await applicationChoices(world.as(admin), null)
    expect(choices?.groups).toEqual([{ id: inUse, name: 'Stewards', size: 1 }])
    const groups = await listGroups(world.as(jonas))
    expect(groups?.rows.map((g) => [g.name, g.active, g.size])).toEqual([
      ['Stewards', true, 1],
      ['Old stewards', false, 1],
    ])
  })

  it('and groups have their places and are found from anywhere, by whoever may list them', async () => {
    const hrefs = async (who: TestPerson) =>
      (await placesToManage(world.as(who), now)).flatMap((section) => section.items.map((i) => i.href))
    for (const who of [admin, auditor, jonas])
      expect(await hrefs(who)).toEqual(
        expect.arrayContaining(['/settings/people', '/settings/people/groups']),
      )
    expect(await hrefs(member)).toEqual([])
    const found = async (who: TestPerson) =>
      (await searchShell(world.as(who), 'stewards')).find((group) => group.label === 'Groups')?.items
    expect(await found(admin)).toMatchObject([
      { label: 'Old stewards', sub: 'deactivated' },
      { label: 'Stewards' },
    ])
    expect(await found(member)).toBeUndefined()
  })
})

it('the organisation is for admins and auditors, and only admins edit', async () => {
  expect(await organisationPage(world.as(admin))).toMatchObject({ canEdit: true })
  expect(await organisationPage(world.as(auditor))).toMatchObject({ canEdit: false })
  expect(await organisationPage(world.as(jonas))).toBeNull()
})
