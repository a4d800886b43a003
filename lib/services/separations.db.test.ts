import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { newId } from '@/lib/ids'
import { listSeparations, newSeparation, separationNotice, separationPage } from '@/lib/queries/separations'
import { searchShell } from '@/lib/queries/shell'
import { must } from '@/lib/testing/lease-world'
import { changeSeparationInput, createSeparationInput } from './separation-input'
import { archiveSeparation, changeSeparation, createSeparation } from './separations'

/** Ines is an admin, Aud an auditor, Ben owns the bank, Gil the ledger; Ana and Jun hold things. */
let world: World
let ines: TestPerson
let aud: TestPerson
let ben: TestPerson
let gil: TestPerson
let ana: TestPerson
let jun: TestPerson
let pay: string
let check: string
let post: string
let empty: string
let policyId: string

beforeAll(async () => {
  world = await createWorld()
  ines = await world.person('Ines Albrecht', { admin: true })
  aud = await world.person('Aud Berg', { auditor: true })
  ben = await world.person('Ben Okafor')
  gil = await world.person('Gil Marsh')
  ana = await world.person('Ana Oliveira', { managerId: ben.id })
  jun = await world.person('Jun Park')
  empty = await world.group('Treasury', [])
  const bank = await world.application('Bank', { owners: [ben] })
  const ledger = await world.application('Ledger', { owners: [gil] })
  pay = await world.entitlement(bank, 'pay')
  check = await world.entitlement(bank, 'check')
  post = await world.entitlement(ledger, 'post')
  policyId = await world.policy('Money', { entitlementIds: [pay, check, post] })
  await hold(ana, pay, bank)
  await hold(ana, check, bank)
  await hold(jun, pay, bank)
  await hold(jun, post, ledger, 'scheduled')
})
afterAll(() => world.close())

async function hold(
  who: TestPerson,
  entitlementId: string,
  applicationId: string,
  state: 'scheduled' | 'active' = 'active',
) {
  const version = await world.db.query.policyVersion.findFirst({
    where: (v, { eq }) => eq(v.policyId, policyId),
  })
  const at = new Date()
  await world.db.insert(schema.grant).values({
    id: newId(),
    state,
    personId: who.id,
    entitlementId,
    applicationId,
    policyVersionId: version!.id,
    mode: 'permanent',
    createdAt: at,
    startAt: at,
    startBy: new Date(at.getTime() + 86_400_000),
    ...(state === 'active' && { firstGiveAt: at, grantedAt: at, baseline: 'absent' as const }),
  })
}

let count = 0
const input = (more: Record<string, unknown> = {}) =>
  createSeparationInput.parse({
    name: `Rule ${++count}`,
    reason: 'Nobody checks their own payments',
    entitlementIds: [pay, check],
    effect: 'refuse',
    ...more,
  })
const make = async (more: Record<string, unknown> = {}) =>
  must(await createSeparation(world.as(ines), input(more)))
const page = (who: TestPerson, id: string) => separationPage(world.as(who), id)

describe('a new rule', () => {
  it('is saved with what it says, has a timeline, and lists who holds both', async () => {
    const { separationId } = await make({ name: 'Pay or check' })
    expect(await world.verbs(separationId)).toEqual(['created'])
    expect(await page(ines, separationId)).toMatchObject({
      name: 'Pay or check',
      effect: 'refuse',
      approvers: '',
      holders: 1,
      entitlements: [
        { name: 'check', application: 'Bank' },
        { name: 'pay', application: 'Bank' },
      ],
      people: [{ name: 'Ana Oliveira', holds: [{ later: false }, { later: false }] }],
      later: [],
    })
    const { separationId: other } = await make({ entitlementIds: [pay, post] })
    expect(await page(ines, other)).toMatchObject({
      holders: 0,
      people: [],
      later: [{ name: 'Jun Park', holds: [{ name: 'pay' }, { name: 'post', later: true }] }],
    })
    expect(await world.db.$count(schema.grant)).toBe(4)
  })

  it.each<[string, () => Record<string, unknown>, string, string, RegExp]>([
    ['no name', () => ({ name: ' ' }), 'invalid', 'name', /name/],
    [
      'a name that is taken, in other letters',
      () => ({ name: 'PAY OR CHECK' }),
      'invalid',
      'name',
      /“Pay or check”/,
    ],
    ['no reason', () => ({ reason: '' }), 'invalid', 'reason', /why/],
    ['one entitlement twice', () => ({ entitlementIds: [pay, pay] }), 'invalid', 'entitlementIds', /two/],
    [
      'one that does not exist',
      () => ({ entitlementIds: [pay, newId()] }),
      'invalid',
      'entitlementIds',
      /exist/,
    ],
    [
      'an extra step without approvers',
      () => ({ effect: 'extra_step' }),
      'invalid',
      'approvers',
      /who decides/,
    ],
    [
      'an approver who is gone',
      () => ({ effect: 'extra_step', approvers: [`person:${newId()}`] }),
      'invalid',
      'approvers',
      /gone/,
    ],
    [
      'an extra step that only an empty group could decide on',
      () => ({ effect: 'extra_step', approvers: [`group:${empty}`] }),
      'nobody_can_approve',
      'approvers',
      /nobody could decide/,
    ],
  ])('with %s is refused at its field', async (_name, more, code, field, words) => {
    const answer = await createSeparation(world.as(ines), input(more()))
    expect(answer).toMatchObject({ ok: false, code, field, message: expect.stringMatching(words) })
  })

  it('says everything that is wrong at once', async () => {
    const answer = await createSeparation(
      world.as(ines),
      input({ name: '', reason: '', entitlementIds: [], effect: 'extra_step' }),
    )
    expect(answer).toMatchObject({ ok: false, fields: expect.any(Object) })
    expect(Object.keys('fields' in answer ? (answer.fields ?? {}) : {})).toEqual([
      'name',
      'reason',
      'entitlementIds',
      'approvers',
    ])
  })

  it.each(['nonsense', 'person:', 'group:7', 'person'])(
    'drops no approver that is not one: %s',
    (approver) => {
      const parsed = createSeparationInput.safeParse({ effect: 'extra_step', approvers: [approver] })
      expect(parsed.error?.issues.map((i) => i.message)).toEqual(['Choose from the list'])
    },
  )

  it('is for admins', async () => {
    for (const who of [aud, ben, ana])
      expect(await createSeparation(world.as(who), input())).toMatchObject({ ok: false, code: 'forbidden' })
  })
})

describe('changing a rule', () => {
  const changed = (separationId: string, version: number, more: Record<string, unknown> = {}) =>
    changeSeparation(
      world.as(ines),
      changeSeparationInput.parse({
        ...input({ name: `Rule of ${separationId}` }),
        separationId,
        version,
        ...more,
      }),
    )

  it('saves what differs, with words for it in the timeline; a rule that refuses asks nobody', async () => {
    const { separationId, version } = await make()
    const approvers = [`person:${jun.id}`, 'owners']
    const second = must(await changed(separationId, version, { effect: 'extra_step', approvers }))
    expect(second.version).toBe(2)
    expect(await page(ines, separationId)).toMatchObject({
      effect: 'extra_step',
      approvers: 'Jun Park or an owner of the application',
      form: { approvers: [{ label: 'Jun Park' }, { label: 'Application owners' }] },
    })
    must(await changed(separationId, 2, { effect: 'refuse', approvers, entitlementIds: [pay, check, post] }))
    const row = await world.db.query.separation.findFirst({ where: (s, { eq }) => eq(s.id, separationId) })
    expect(row).toMatchObject({ effect: 'refuse', approvers: [], version: 3 })
    const entries = await world.db.query.timeline.findMany({
      where: (t, { eq }) => eq(t.subjectId, separationId),
      orderBy: (t) => t.version,
    })
    expect(entries.map((e) => [e.verb, e.data.what])).toEqual([
      ['created', undefined],
      [
        'changed',
        expect.stringContaining('It asks for one more approval now, Who decides on the extra step'),
      ],
      ['changed', 'The entitlements, It refuses now.'],
    ])
  })

  it('is refused on an older version, without a difference, and once it is archived', async () => {
    const { separationId } = await make({ name: 'Kept' })
    expect(await changed(separationId, 2)).toMatchObject({ ok: false, code: 'stale' })
    expect(await changed(separationId, 1, { name: 'Kept' })).toMatchObject({ ok: false, code: 'invalid' })
    expect(await archiveSeparation(world.as(ben), { separationId, version: 1 })).toMatchObject({
      ok: false,
      code: 'forbidden',
    })
    must(await archiveSeparation(world.as(ines), { separationId, version: 1 }))
    expect(await changed(separationId, 2)).toMatchObject({ ok: false, code: 'unavailable' })
    expect(await world.verbs(separationId)).toEqual(['created', 'archived'])
    expect(await page(ines, separationId)).toMatchObject({ archivedAt: expect.any(Date), form: null })
    // Its name is free again.
    await make({ name: 'Kept' })
  })
})

describe('who sees a rule', () => {
  it('admins and auditors all of it, owners what names something of theirs, others nothing', async () => {
    const { separationId } = await make({ entitlementIds: [pay, post] })
    const own = await make()
    expect(await page(aud, separationId)).toMatchObject({ people: [], canEdit: false, form: null })
    expect(await page(ben, own.separationId)).toMatchObject({
      holders: 1,
      people: [{ name: 'Ana Oliveira' }],
    })
    // Half of it is on the ledger, which is not Ben's.
    expect(await page(ben, separationId)).toMatchObject({ holders: null, people: null, later: null })
    expect(await page(gil, own.separationId)).toBeNull()
    expect(await page(ana, separationId)).toBeNull()
    const names = (list: Awaited<ReturnType<typeof listSeparations>>) => list?.rows.map((row) => row.id)
    expect(names(await listSeparations(world.as(aud)))).toEqual(
      expect.arrayContaining([separationId, own.separationId]),
    )
    expect(names(await listSeparations(world.as(gil)))).not.toContain(own.separationId)
    expect(await listSeparations(world.as(ana))).toBeNull()
    expect([await newSeparation(world.as(aud)), await newSeparation(world.as(ben))]).toEqual([null, null])
    expect((await newSeparation(world.as(ines)))?.entitlements).toHaveLength(3)
  })
})

describe('the notice before asking', () => {
  it('says the rules that refuse first, and who would decide; only to who may ask', async () => {
    const rules = [
      await make({ entitlementIds: [pay, post], name: 'Refused' }),
      await make({
        entitlementIds: [check, post],
        name: 'An extra look',
        effect: 'extra_step',
        approvers: [`person:${ana.id}`, `person:${gil.id}`],
      }),
    ]
    const notice = async (who: TestPerson) =>
      (await separationNotice(world.as(who), post, ana.id)).filter((n) =>
        ['Refused', 'An extra look'].includes(n.rule),
      )
    expect(await notice(ana)).toMatchObject([
      {
        rule: 'Refused',
        effect: 'refuse',
        how: 'held',
        other: { name: 'pay', application: 'Bank' },
        deciders: [],
      },
      { rule: 'An extra look', effect: 'extra_step', deciders: ['Gil Marsh'] },
    ])
    expect(await notice(ben)).toHaveLength(2)
    expect(await notice(gil)).toEqual([])
    for (const { separationId, version } of rules)
      must(await archiveSeparation(world.as(ines), { separationId, version }))
    expect(await notice(ana)).toEqual([])
  })
})

it('finds a rule by its name, in the scope of whoever looks', async () => {
  const { separationId } = await make({ name: 'Treasury and ledger', entitlementIds: [check, post] })
  const { separationId: bank } = await make({ name: 'Treasury of the bank' })
  const found = async (who: TestPerson) =>
    (await searchShell(world.as(who), 'treasury'))
      .flatMap((group) => (group.label === 'Separation of duties' ? group.items : []))
      .map((item) => item.href.split('/').at(-1))
  expect(await found(aud)).toEqual([separationId, bank])
  expect(await found(gil)).toEqual([separationId])
  expect(await found(ana)).toEqual([])
})
