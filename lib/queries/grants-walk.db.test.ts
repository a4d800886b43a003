import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../db/client'
import type { TestPerson } from '../../db/testing'
import { exportText } from '../grant-csv'
import { grantSorts, plainView } from '../grant-url'
import { newId } from '../ids'
import { exportColumns, exportGrants } from './grant-export'
import { grantCounts } from './grants'
import {
  admin,
  apps,
  ask,
  DAY,
  from,
  grant,
  HOUR,
  look,
  MINUTE,
  openGrantsWorld,
  people,
  see,
  world,
} from './grants.world'

beforeAll(openGrantsWorld)
afterAll(() => world.close())

describe('paging', () => {
  beforeAll(async () => {
    // Running ones with ends of their own, ended ones that tie in every order but the id's, and a failed one.
    for (const [i, person] of people.entries())
      for (const app of [0, 1, 2])
        await grant(person, app, i % 3 === app ? { state: 'active', endsAt: from((i + 1) * HOUR) } : {})
    await grant(people[0] as TestPerson, 2, { state: 'failed', endsAt: null })
  })

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

  test('of selected rows holds those alone, and none from outside the view', async () => {
    const all = await see({})
    const [one, two] = all?.rows.map((row) => row.id) ?? []
    const chosen = async (view: typeof plainView) => {
      const batches = await exportGrants(world.as(admin), view, look, [one ?? '', two ?? '', newId()])
      const found: unknown[] = []
      for await (const batch of batches ?? []) found.push(...batch.map((row) => row.id))
      return found
    }
    expect(await chosen(plainView)).toEqual([one, two].sort())
    expect(await chosen({ ...plainView, people: [newId()] })).toEqual([])
  })

  test('walks over more than one batch without loss', async () => {
    const [, , , , , two] = people as TestPerson[]
    const place = apps[2]
    const sample = await world.db.query.grant.findFirst({ where: (g, { eq }) => eq(g.state, 'ended') })
    if (!sample || !place) throw new Error('there is an ended grant')
    // A statement has room for 65,535 parameters, which is fewer than so many rows have values.
    for (let more = 0; more < 3; more++)
      await world.db
        .insert(schema.grant)
        .values(Array.from({ length: 700 }, () => ({ ...sample, id: newId(), personId: two?.id ?? '' })))
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
