import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { TestPerson } from '../../db/testing'
import { grantStatus, grantStatuses } from '../grant-status'
import { plainView } from '../grant-url'
import { newId } from '../ids'
import { forgetView, saveView } from '../services/views'
import { grantDetails } from './grant-details'
import { exportGrants } from './grant-export'
import { chosenNames, filterOptions, savedViews } from './grant-options'
import { grantCounts, grantsPage, liveGrants } from './grants'
import {
  admin,
  apps,
  ask,
  auditor,
  DAY,
  from,
  grant,
  HOUR,
  idsOf,
  look,
  MINUTE,
  now,
  openGrantsWorld,
  owner,
  people,
  see,
  stranger,
  world,
} from './grants.world'

beforeAll(openGrantsWorld)
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
