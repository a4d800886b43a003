import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../db/client'
import { createWorld, type TestPerson, type World } from '../../db/testing'
import { exportText } from '../grant-csv'
import { grantStatus, grantStatuses } from '../grant-status'
import { type GrantView, grantSorts, plainView } from '../grant-url'
import { newId } from '../ids'
import { forgetView, saveView } from '../services/views'
import { grantDetails } from './grant-details'
import { exportColumns, exportGrants } from './grant-export'
import { chosenNames, filterOptions, savedViews } from './grant-options'
import { grantCounts, grantsPage, liveGrants } from './grants'

type New = typeof schema.grant.$inferInsert

const now = new Date('2026-11-12T13:27:46Z')
const look = { now, zone: 'Europe/Berlin' }
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const from = (ms: number) => new Date(now.getTime() + ms)

let world: World
let admin: TestPerson
let owner: TestPerson
let stranger: TestPerson
let auditor: TestPerson
let people: TestPerson[]
let apps: { id: string; versionId: string; entitlements: string[] }[]

/** Inserts a grant in a shape its checks allow; every live one needs its own person and entitlement. */
async function grant(person: TestPerson, app: number, more: Partial<New> = {}): Promise<string> {
  const id = newId()
  const place = apps[app]
  const state = more.state ?? 'ended'
  const given = !['scheduled', 'failed'].includes(state)
  const over = state === 'ended' || state === 'revoking'
  await world.db.insert(schema.grant).values({
    id,
    state,
    personId: person.id,
    entitlementId: place?.entitlements[0] ?? '',
    applicationId: place?.id ?? '',
    policyVersionId: place?.versionId ?? '',
    mode: 'just-in-time',
    durationSeconds: 21_600,
    noticeSeconds: 3_600,
    createdAt: from(-DAY),
    startAt: from(-DAY),
    startBy: from(0),
    baseline: given ? 'absent' : null,
    firstGiveAt: given ? from(-DAY) : null,
    grantedAt: given && state !== 'provisioning' ? from(-DAY) : null,
    endsAt: given ? from(-HOUR) : null,
    endReason: over ? 'expired' : null,
    rightOverAt: over ? from(-HOUR) : null,
    seenAbsentAt: state === 'ended' ? from(-HOUR + 1400) : null,
    lateMs: state === 'ended' ? 1400 : null,
    verified: state === 'ended' ? true : null,
    ...more,
  })
  return id
}

async function ask(
  grantId: string,
  person: TestPerson,
  app: number,
  more: Partial<typeof schema.request.$inferInsert>,
) {
  await world.db.insert(schema.request).values({
    id: newId(),
    kind: 'grant',
    state: 'approved',
    askerId: person.id,
    personId: person.id,
    entitlementId: apps[app]?.entitlements[0] ?? '',
    policyVersionId: apps[app]?.versionId ?? '',
    grantId,
    seconds: 21_600,
    noticeSeconds: 3_600,
    reason: 'Backfill',
    askedAt: from(-DAY),
    decideBy: from(DAY),
    ...more,
  })
}

const see = (view: Partial<GrantView>, who: TestPerson = admin, size?: number) =>
  grantsPage(world.as(who), { ...plainView, ...view }, look, size)
const idsOf = async (view: Partial<GrantView>, who?: TestPerson) =>
  (await see(view, who))?.rows.map((row) => row.id).sort()

beforeAll(async () => {
  world = await createWorld()
  admin = await world.person('Ines Albrecht', { admin: true })
  auditor = await world.person('Audra Kern', { auditor: true })
  owner = await world.person('Otto Berg')
  stranger = await world.person('Sten Lund')
  people = []
  for (const name of [
    'Ana Oliveira',
    'ben okafor',
    'Élodie Petit',
    'Chidi 100% Eze',
    'Dana_X Fox',
    'Ana Oliveira Two',
  ])
    people.push(await world.person(name))
  apps = []
  for (const [i, name] of ['Data warehouse', 'GitHub', 'Stripe'].entries()) {
    const id = await world.application(name, { owners: i === 0 ? [owner] : [], taskSeconds: 3_600 })
    const entitlements = [
      await world.entitlement(id, `${name} role`),
      await world.entitlement(id, `${name} admin`),
    ]
    const policyId = await world.policy(`${name} policy`, { entitlementIds: entitlements })
    const version = await world.db.query.policyVersion.findFirst({
      where: (v, { eq }) => eq(v.policyId, policyId),
    })
    apps.push({ id, versionId: version?.id ?? '', entitlements })
  }
})
afterAll(() => world.close())

describe('the table of grants', () => {
  const ids: Record<string, string> = {}
  beforeAll(async () => {
    const [ana, ben, elodie, chidi, dana, two] = people as [
      TestPerson,
      TestPerson,
      TestPerson,
      TestPerson,
      TestPerson,
      TestPerson,
    ]
    ids.active = await grant(ana, 0, { state: 'active', endsAt: from(5 * HOUR) })
    ids.soon = await grant(ben, 0, { state: 'active', endsAt: from(30 * MINUTE) })
    ids.asked = await grant(elodie, 0, { state: 'active', endsAt: from(40 * MINUTE) })
    await ask(ids.asked, elodie, 0, { kind: 'extension', state: 'pending', reason: 'Release slipped' })
    ids.past = await grant(chidi, 0, { state: 'active', endsAt: from(-MINUTE) })
    ids.lateActive = await grant(dana, 0, { state: 'active', endsAt: from(-2 * HOUR) })
    ids.standing = await grant(two, 0, {
      state: 'active',
      endsAt: from(-2 * HOUR),
      preexisting: true,
      baseline: 'direct',
    })
    ids.ending = await grant(ana, 1, { state: 'revoking', rightOverAt: from(-MINUTE) })
    ids.late = await grant(ben, 1, { state: 'revoking', rightOverAt: from(-2 * HOUR) })
    ids.alarmed = await grant(elodie, 1, {
      state: 'revoking',
      rightOverAt: from(-MINUTE),
      overdueSince: from(-1),
    })
    ids.permanent = await grant(chidi, 1, {
      state: 'active',
      mode: 'permanent',
      durationSeconds: null,
      noticeSeconds: null,
      endsAt: null,
    })
    ids.provisioning = await grant(dana, 1, { state: 'provisioning', endsAt: from(7 * HOUR) })
    ids.scheduled = await grant(two, 1, {
      state: 'scheduled',
      startAt: from(3 * DAY),
      startBy: from(4 * DAY),
    })
    ids.ended = await grant(ana, 2)
    await ask(ids.ended, ana, 2, { reason: 'Settlement retries for PAY-4412, 50% done' })
    ids.endedLong = await grant(ben, 2, {
      endsAt: from(-30 * DAY),
      rightOverAt: from(-30 * DAY),
      seenAbsentAt: from(-30 * DAY),
      grantedAt: from(-31 * DAY),
      createdAt: from(-31 * DAY),
    })
    ids.failed = await grant(elodie, 2, { state: 'failed', endsAt: null })
  })
  const named = (...names: string[]) => names.map((name) => ids[name] ?? '').sort()

  test('each status names exactly the grants the screen calls so, and every grant has one', async () => {
    const all = await see({})
    expect(all?.rows).toHaveLength(Object.keys(ids).length)
    for (const status of grantStatuses) {
      const shown = all?.rows.filter(
        (row) => grantStatus({ ...row, extensionAsked: row.pending !== null }, now) === status,
      )
      expect(shown?.length, status).toBeGreaterThan(0)
      expect(await idsOf({ statuses: [status] }), status).toEqual(shown?.map((row) => row.id).sort())
    }
    expect(await idsOf({ statuses: ['overdue'] })).toEqual(named('late', 'alarmed', 'lateActive'))
    expect(await idsOf({ statuses: ['scheduled', 'failed'] })).toEqual(named('scheduled', 'failed'))
  })

  test('what was held before and stays is never overdue', async () => {
    const row = (await see({}))?.rows.find((r) => r.id === ids.standing)
    expect(row && grantStatus({ ...row, extensionAsked: false }, now)).toBe('ending')
  })

  test('tabs hold what they say, and their counts agree with them', async () => {
    const counts = await grantCounts(world.as(admin), look)
    const sizes = await Promise.all(
      (['all', 'active', 'inactive', 'overdue'] as const).map((tab) => idsOf({ tab })),
    )
    expect(counts).toEqual({
      all: sizes[0]?.length,
      active: sizes[1]?.length,
      inactive: sizes[2]?.length,
      overdue: sizes[3]?.length,
    })
    expect(sizes[2]).toEqual(named('ended', 'endedLong', 'failed'))
  })

  test('applications, people, entitlements filter, together and of several values', async () => {
    expect(await idsOf({ applications: [apps[2]?.id ?? ''] })).toEqual(named('ended', 'endedLong', 'failed'))
    expect(await idsOf({ people: [people[0]?.id ?? '', people[1]?.id ?? ''], tab: 'inactive' })).toEqual(
      named('ended', 'endedLong'),
    )
    expect(
      await idsOf({ entitlements: [apps[1]?.entitlements[0] ?? ''], people: [people[0]?.id ?? ''] }),
    ).toEqual(named('ending'))
    expect(await idsOf({ applications: [newId()] })).toEqual([])
  })

  test('search finds a part of a person, an entitlement, an application or a reason, letters as letters', async () => {
    expect(await idsOf({ q: 'OLIVEIRA', tab: 'inactive' })).toEqual(named('ended'))
    expect(await idsOf({ q: 'pay-44' })).toEqual(named('ended'))
    expect(await idsOf({ q: 'slipped' })).toEqual(named('asked'))
    expect(await idsOf({ q: 'tripe ro' })).toEqual(named('ended', 'endedLong', 'failed'))
    expect(await idsOf({ q: 'ÉLODIE', tab: 'inactive' })).toEqual(named('failed'))
    expect(await idsOf({ q: '0%' })).toEqual(named('past', 'permanent', 'ended'))
    expect(await idsOf({ q: '_x' })).toEqual(named('lateActive', 'provisioning'))
    expect(await idsOf({ q: "';drop table" })).toEqual([])
  })

  test('expiry presets and days in the reader’s zone', async () => {
    const preset = (name: 'next-24h' | 'next-7d' | 'overdue' | 'ended-7d' | 'none') =>
      idsOf({ expiry: { kind: 'preset', preset: name } })
    expect(await preset('next-24h')).toEqual(named('active', 'soon', 'asked', 'provisioning'))
    expect(await preset('overdue')).toEqual(named('late', 'alarmed', 'lateActive'))
    expect(await preset('ended-7d')).toEqual(named('ended'))
    expect(await preset('none')).toEqual(named('permanent'))
    const range = (from: string | null, to: string | null, orNone = false) =>
      idsOf({ expiry: { kind: 'range', from, to, orNone } })
    expect(await range('2026-10-13', '2026-10-13')).toEqual(named('endedLong'))
    expect(await range(null, '2026-10-12')).toEqual([])
    expect(await range('2026-11-13', null)).toEqual([])
    expect(await range('2026-11-13', null, true)).toEqual(named('permanent'))
  })

  test('a day begins at the reader’s midnight, also where the clock changes', async () => {
    const late = await grant(people[3] as TestPerson, 2, { endsAt: new Date('2026-10-25T22:30:00Z') })
    const day = (day: string, zone: string) =>
      grantsPage(
        world.as(admin),
        { ...plainView, expiry: { kind: 'range', from: day, to: day, orNone: false } },
        { now, zone },
      )
    expect((await day('2026-10-25', 'Europe/Berlin'))?.rows.map((r) => r.id)).toEqual([late])
    expect((await day('2026-10-26', 'Europe/Moscow'))?.rows.map((r) => r.id)).toEqual([late])
  })

  test('the usual order: what ends next first, then without an end, then what is over, the latest first', async () => {
    const order = (await see({}))?.rows.map((r) => Object.keys(ids).find((key) => ids[key] === r.id))
    const at = (name: string) => order?.indexOf(name) ?? -1
    expect(at('late')).toBeLessThan(at('soon'))
    expect(at('soon')).toBeLessThan(at('active'))
    expect(at('active')).toBeLessThan(at('provisioning'))
    expect(at('provisioning')).toBeLessThan(at('scheduled'))
    expect(at('scheduled')).toBeLessThan(at('permanent'))
    expect(at('permanent')).toBeLessThan(at('ended'))
    expect(at('ended')).toBeLessThan(at('endedLong'))
  })

  test('only admins, auditors and owners see it, and owners only their applications', async () => {
    expect(await see({}, stranger)).toBeNull()
    expect(await grantCounts(world.as(stranger), look)).toBeNull()
    expect(await exportGrants(world.as(stranger), plainView, look)).toBeNull()
    expect(await filterOptions(world.as(stranger), 'user', '')).toBeNull()
    expect(await grantDetails(world.as(stranger), ids.active ?? '', now)).toBeNull()
    // A holder has a page of their own; the table of grants is not it.
    expect(await grantDetails(world.as(people[0] as TestPerson), ids.active ?? '', now)).toBeNull()
    expect((await see({}, auditor))?.rows.length).toBe((await see({}))?.rows.length)
    const own = await see({}, owner)
    expect(own?.rows.map((r) => r.application.name)).toEqual(Array(6).fill('Data warehouse'))
    expect(await idsOf({ applications: [apps[1]?.id ?? ''] }, owner)).toEqual([])
    expect((await grantCounts(world.as(owner), look))?.all).toBe(6)
    expect(await grantDetails(world.as(owner), ids.ending ?? '', now)).toBeNull()
    expect((await grantDetails(world.as(owner), ids.active ?? '', now))?.may).toEqual({
      revoke: true,
      extend: true,
    })
    expect((await grantDetails(world.as(auditor), ids.active ?? '', now))?.may).toEqual({
      revoke: false,
      extend: false,
    })
    const names = await filterOptions(world.as(owner), 'application', '')
    expect(names?.map((o) => [o.name, o.active])).toEqual([['Data warehouse', 6]])
    expect(await chosenNames(world.as(owner), { ...plainView, applications: [apps[1]?.id ?? ''] })).toEqual(
      {},
    )
    const live = await liveGrants(world.as(owner), plainView, look, {
      ids: Object.values(ids),
      since: from(-2 * DAY),
    })
    expect(live?.rows).toHaveLength(6)
    expect(live?.fresh).toBe(6)
  })

  test('a tampered place in the address is the first page, with a sentence', async () => {
    const first = await see({}, admin, 3)
    const good = Buffer.from(first?.next ?? '', 'base64url').toString()
    const forged = [
      'rubbish',
      Buffer.from('{}').toString('base64url'),
      Buffer.from(good.replace('"queue"', '"expiry"')).toString('base64url'),
      Buffer.from(good.replace(/\d{4}-\d\d-\d\d/, '2026-02-30')).toString('base64url'),
      Buffer.from(good.replace(/"keys":\[.*?\]/, '"keys":["\\u0000"]')).toString('base64url'),
      Buffer.from(good.replace(/"keys":\[.*?\]/, '"keys":[]')).toString('base64url'),
      Buffer.from(good.replace(/"id":"[^"]+"/, '"id":"1 or 1=1"')).toString('base64url'),
    ]
    for (const cursor of forged) {
      const page = await see({ cursor }, admin, 3)
      expect(page?.note, cursor).toMatch(/start/)
      expect(page?.rows.map((r) => r.id)).toEqual(first?.rows.map((r) => r.id))
    }
    expect((await see({ cursor: first?.next ?? '' }, admin, 3))?.note).toBeNull()
  })

  test('saved views are one’s own; the same name again replaces, the place in the list is not kept', async () => {
    const kept = await saveView(world.as(admin), { name: 'Soon', query: 'expiry=next-24h&at=abc&nonsense=1' })
    expect(kept.ok).toBe(true)
    await saveView(world.as(admin), { name: 'Soon', query: 'status=active,bogus' })
    const mine = await savedViews(world.as(admin))
    expect(mine.map(({ name, query }) => [name, query])).toEqual([['Soon', 'status=active']])
    expect(await savedViews(world.as(auditor))).toEqual([])
    const viewId = mine[0]?.id ?? ''
    expect(await forgetView(world.as(auditor), { viewId })).toMatchObject({ ok: false, code: 'not_found' })
    expect(await forgetView(world.as(admin), { viewId })).toMatchObject({ ok: true })
  })
})

describe('paging', () => {
  test('all pages together are the whole set, forwards and backwards, in every order', async () => {
    const total = (await see({}, admin, 500))?.rows.length ?? 0
    for (const sort of grantSorts)
      for (const descending of [false, true]) {
        const forwards: string[] = []
        let page = await see({ sort, descending }, admin, 4)
        let last = page
        while (page) {
          forwards.push(...page.rows.map((r) => r.id))
          last = page
          page = page.next ? await see({ sort, descending, cursor: page.next }, admin, 4) : null
        }
        const label = `${sort} ${descending}`
        expect(new Set(forwards).size, label).toBe(total)
        expect(forwards, label).toHaveLength(total)
        const whole = await see({ sort, descending }, admin, 500)
        expect(forwards, label).toEqual(whole?.rows.map((r) => r.id))
        const backwards = [...(last?.rows.map((r) => r.id) ?? [])]
        let before = last?.previous
        while (before) {
          const earlier = await see({ sort, descending, cursor: before }, admin, 4)
          const fresh = earlier?.rows.map((r) => r.id).filter((id) => !backwards.includes(id)) ?? []
          backwards.unshift(...fresh)
          before = earlier?.previous
        }
        expect(backwards, label).toEqual(forwards)
      }
  })

  test('grants made while one walks through do not make it skip or tell twice', async () => {
    const before = (await see({ sort: 'granted' }, admin, 500))?.rows.map((r) => r.id) ?? []
    const walked: string[] = []
    const [, , , , , two] = people as TestPerson[]
    let page = await see({ sort: 'granted' }, admin, 3)
    for (let n = 0; page; n++) {
      walked.push(...page.rows.map((r) => r.id))
      // One lands before the place we are at, one after it.
      await grant(two as TestPerson, 2, { grantedAt: from(-40 * DAY - n * MINUTE) })
      if (n < 3) await grant(two as TestPerson, 2, { grantedAt: from(-MINUTE + n) })
      page = page.next ? await see({ sort: 'granted', cursor: page.next }, admin, 3) : null
    }
    expect(new Set(walked).size).toBe(walked.length)
    expect(walked.filter((id) => before.includes(id))).toEqual(before)
  })
})

describe('export', () => {
  test('is exactly what is filtered, in UTC, and runs nothing in a spreadsheet', async () => {
    const mallory = await world.person('=HYPERLINK("http://x")')
    const id = await grant(mallory, 2)
    await ask(id, mallory, 2, { reason: '@SUM(1)\n"quoted", +1' })
    const batches = await exportGrants(world.as(admin), { ...plainView, people: [mallory.id] }, look)
    const rows = []
    for await (const batch of batches ?? []) rows.push(...batch)
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({
      id,
      status: 'ended',
      expires_at: from(-HOUR).toISOString(),
      late_ms: 1400,
    })
    const csv = exportText('csv', exportColumns, rows, true)
    expect(csv.split('\r\n')[0]).toBe(exportColumns.join(','))
    expect(csv).toContain(`"'=HYPERLINK(""http://x"")"`)
    expect(csv).toContain(`"'@SUM(1)\n""quoted"", +1"`)
    expect(JSON.parse(exportText('jsonl', exportColumns, rows))).toEqual(rows[0])
  })

  test('walks over more than one batch without loss', async () => {
    const [, , , , , two] = people as TestPerson[]
    const place = apps[2]
    const sample = await world.db.query.grant.findFirst({ where: (g, { eq }) => eq(g.state, 'ended') })
    if (!sample || !place) throw new Error('there is an ended grant')
    await world.db
      .insert(schema.grant)
      .values(Array.from({ length: 2_100 }, () => ({ ...sample, id: newId(), personId: two?.id ?? '' })))
    const all = await grantCounts(world.as(admin), look)
    const ids = new Set<unknown>()
    let lines = 0
    for await (const batch of (await exportGrants(world.as(admin), plainView, look)) ?? [])
      for (const row of batch) {
        ids.add(row.id)
        lines++
      }
    expect(lines).toBe(all?.all)
    expect(ids.size).toBe(lines)
  })
})
