import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { type AuditView, plainAuditView } from '@/lib/audit-url'
import type { SubjectType, TimelineVerb } from '@/lib/domain/timeline'
import { newId } from '@/lib/ids'
import { auditNames, auditOptions, auditPage, decodeAuditCursor } from './audit'
import { exportAudit } from './audit-export'

/** Three people, two applications, a request and a grant with their timelines, and much of nothing else. */
let world: World
let admin: TestPerson
let auditor: TestPerson
let owner: TestPerson
let ana: TestPerson
let ben: TestPerson
let warehouse: string
let stripe: string
let grantId: string
let requestId: string

const now = new Date('2026-11-12T13:27:46Z')
const look = { now, zone: 'Europe/Berlin' }
const MINUTE = 60_000
const ago = (minutes: number) => new Date(now.getTime() - minutes * MINUTE)

async function tell(
  subjectType: SubjectType,
  subjectId: string,
  version: number,
  verb: TimelineVerb,
  at: Date,
  more: { by?: TestPerson; data?: Record<string, unknown> } = {},
) {
  await world.db.insert(schema.timeline).values({
    ...{ subjectType, subjectId, version, verb, at, data: more.data ?? {} },
    actorId: more.by?.id ?? null,
    actorSystem: more.by ? null : 'engine',
  })
}

beforeAll(async () => {
  world = await createWorld()
  admin = await world.person('Ines Albrecht', { admin: true })
  auditor = await world.person('Audra Kern', { auditor: true })
  owner = await world.person('Otto Berg')
  ana = await world.person('Ana Oliveira')
  ben = await world.person('Ben Okafor')
  warehouse = await world.application('Data warehouse', { owners: [owner] })
  stripe = await world.application('Stripe')
  const read = await world.entitlement(warehouse, 'prod_read')
  const policyId = await world.policy('Production read', { entitlementIds: [read] })
  const version = await world.db.query.policyVersion.findFirst({
    where: (v, { eq }) => eq(v.policyId, policyId),
  })
  grantId = newId()
  requestId = newId()
  const place = { personId: ana.id, entitlementId: read, policyVersionId: version?.id ?? '' }
  await world.db.insert(schema.grant).values({
    ...{ id: grantId, ...place, applicationId: warehouse, state: 'scheduled', mode: 'just-in-time' },
    ...{ durationSeconds: 21_600, noticeSeconds: 3_600, createdAt: ago(50), startAt: ago(50), startBy: now },
  })
  await world.db.insert(schema.request).values({
    ...{ id: requestId, ...place, kind: 'grant', state: 'approved', askerId: owner.id, grantId },
    ...{ seconds: 21_600, noticeSeconds: 3_600, reason: '=1+1', steps: [], stepOpenedAt: ago(60) },
    ...{ askId: requestId, decideFrom: ago(60), askedAt: ago(60), decideBy: now },
  })
  const asked = { seconds: 21_600, reason: '=1+1' }
  await tell('request', requestId, 1, 'asked', ago(60), { by: owner, data: asked })
  await tell('request', requestId, 2, 'approved', ago(50), { by: ben })
  await tell('grant', grantId, 1, 'scheduled', ago(50), { by: ben, data: { requestId, seconds: 21_600 } })
  await tell('grant', grantId, 2, 'started', ago(49))
  await tell('person', ben.id, 1, 'delegated', ago(40), {
    by: ben,
    data: { substitute: 'Ana Oliveira', substituteId: ana.id },
  })
  await tell('application', stripe, 1, 'changed', ago(30), {
    by: admin,
    data: { owners: [ana.id], was: [ben.id] },
  })
  await tell('person', admin.id, 1, 'signed_in', ago(20))
  for (let i = 0; i < 60; i++)
    await tell('person', newId(), 1, 'changed', ago(60 * 24 * 3 - i), { by: admin })
})
afterAll(() => world.close())

const see = async (view: Partial<AuditView>, size?: number, who = admin) =>
  auditPage(world.as(who), { ...plainAuditView, ...view }, look, size)
const verbs = async (view: Partial<AuditView>) => (await see(view))?.rows.map((row) => row.verb)

describe('the audit log', () => {
  it('is for admins and auditors alone: its page, its choices and its exports', async () => {
    expect((await see({}, 5, auditor))?.rows).toHaveLength(5)
    for (const who of [owner, ana]) {
      const ctx = world.as(who)
      expect(await auditPage(ctx, plainAuditView, look)).toBeNull()
      expect(await auditOptions(ctx, 'person', {})).toBeNull()
      expect(await exportAudit(ctx, plainAuditView, look, 'csv')).toBeNull()
      expect(await auditNames(ctx, { ...plainAuditView, people: [ana.id] })).toEqual({})
    }
  })

  it('tells the newest first, in the words of the timelines, with the object’s names', async () => {
    const rows = (await see({}, 7))?.rows ?? []
    expect(rows.map((row) => [row.words.who, row.words.text].filter(Boolean).join(' '))).toEqual([
      'Ines Albrecht signed in',
      'Ines Albrecht changed the application',
      'Ben Okafor named Ana Oliveira to decide in their place',
      'Leasehold starts giving it in Data warehouse',
      'Agreed, to be given from now',
      'Ben Okafor agreed',
      'Otto Berg asked for 6 hours',
    ])
    expect(rows[3]?.object).toEqual({
      ...{ type: 'grant', id: grantId, name: 'prod_read', sub: 'Ana Oliveira · Data warehouse' },
      href: `/settings/access-management/grants/${grantId}`,
    })
  })

  it('finds what somebody did, what is about them, and either', async () => {
    expect(await verbs({ people: [ben.id], part: 'actor' })).toEqual(['delegated', 'scheduled', 'approved'])
    // As holder, as substitute, as an owner.
    expect(await verbs({ people: [ana.id], part: 'about' })).toEqual([
      'changed',
      'delegated',
      'started',
      'scheduled',
      'approved',
      'asked',
    ])
    // Did one and is the other; what is both is told once.
    expect(await verbs({ people: [ben.id] })).toEqual(['changed', 'delegated', 'scheduled', 'approved'])
    expect(await verbs({ people: [owner.id] })).toEqual(['approved', 'asked'])
  })

  it('finds by application, kind, one object, what happened, and all of it together', async () => {
    expect(await verbs({ applications: [warehouse] })).toEqual(['started', 'scheduled', 'approved', 'asked'])
    expect(await verbs({ kinds: ['request', 'application'] })).toEqual(['changed', 'approved', 'asked'])
    expect(await verbs({ object: { type: 'grant', id: grantId } })).toEqual(['started', 'scheduled'])
    expect(await verbs({ verbs: ['asked', 'signed_in'] })).toEqual(['signed_in', 'asked'])
    const both = {
      applications: [warehouse, stripe],
      people: [ben.id],
      verbs: ['changed', 'approved'],
    } as const
    expect(await verbs({ ...both, time: { kind: 'preset', preset: '1h' } })).toEqual(['changed', 'approved'])
    expect(await verbs({ ...both, kinds: ['grant'] })).toEqual([])
  })

  it('finds by time: a span back from now, and days of the reader’s zone', async () => {
    expect(await verbs({ time: { kind: 'preset', preset: '1h' } })).toHaveLength(7)
    const today = { kind: 'range', from: '2026-11-12', to: '2026-11-12' } as const
    expect(await verbs({ time: today })).toHaveLength(7)
    const before = { kind: 'range', from: null, to: '2026-11-11' } as const
    expect((await see({ time: before }, 100))?.rows).toHaveLength(60)
  })

  it('walks all pages forwards and back without a gap, under a filter too', async () => {
    for (const view of [{}, { people: [admin.id] }, { verbs: ['changed', 'signed_in'] as TimelineVerb[] }]) {
      const whole = (await see(view, 200))?.rows.map((row) => row.id) ?? []
      const forwards: string[] = []
      const pages: string[][] = []
      let cursor = ''
      for (;;) {
        const page = await see({ ...view, cursor }, 20)
        const ids = page?.rows.map((row) => row.id) ?? []
        forwards.push(...ids)
        pages.push(ids)
        if (!page?.next) break
        cursor = page.next
      }
      expect(forwards).toEqual(whole)
      let back = await see({ ...view, cursor }, 20)
      for (const ids of pages.slice(0, -1).reverse()) {
        back = await see({ ...view, cursor: back?.previous ?? 'lost' }, 20)
        expect(back?.rows.map((row) => row.id)).toEqual(ids)
      }
      expect(back?.previous).toBeNull()
    }
  })

  it('shows the newest, and says so, where the place in the address was tampered with', async () => {
    for (const cursor of ['after-1', "after-1-1'", 'sideways-1-1', 'after-99999999999999999-1'])
      expect(decodeAuditCursor(cursor), cursor).toBeNull()
    const page = await see({ cursor: 'nonsense' }, 5)
    expect(page?.rows[0]?.verb).toBe('signed_in')
    expect(page?.note).toMatch(/does not exist/)
    expect((await see({ cursor: 'after-0-1' }, 5))?.rows).toEqual([])
  })

  it('names what is chosen, and offers everybody who ever was', async () => {
    const view = { ...plainAuditView, people: [ana.id], object: { type: 'grant', id: grantId } } as const
    expect(await auditNames(world.as(auditor), view)).toEqual({
      [ana.id]: 'Ana Oliveira',
      [`grant:${grantId}`]: 'prod_read, Ana Oliveira · Data warehouse',
    })
    const found = await auditOptions(world.as(auditor), 'person', { q: 'OLIV' })
    expect(found).toEqual([{ id: ana.id, name: 'Ana Oliveira', sub: ana.email }])
    expect(await auditOptions(world.as(auditor), 'person', { q: '%' })).toEqual([])
  })

  it('can make its index of mentions again from the entries alone', async () => {
    const [row] = await world.db.execute<{ kept: string; again: string; same: string }>(sql`
      with again as (select about, t.at, t.id from timeline t, timeline_about(t.subject_type, t.subject_id, t.data) as about)
      select (select count(*) from timeline_mention) as kept, (select count(*) from again) as again,
        (select count(*) from again join timeline_mention m on m.about_id = about and m.entry_id = again.id) as same`)
    expect(Number(row?.kept)).toBeGreaterThan(10)
    expect(row?.again).toBe(row?.kept)
    expect(row?.same).toBe(row?.kept)
  })
})

describe('its exports', () => {
  async function exported(format: 'csv' | 'jsonl' | 'ocsf', view: Partial<AuditView> = {}) {
    const texts = await exportAudit(world.as(auditor), { ...plainAuditView, ...view }, look, format)
    if (!texts) throw new Error('refused')
    let text = ''
    for await (const part of texts) text += part
    return text
  }
  const about = { applications: [] as string[] }
  const lines = async (format: 'jsonl' | 'ocsf') =>
    (await exported(format, { ...about, object: { type: 'request', id: requestId } }))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))

  it('CSV has a header, oldest first, and no cell that a spreadsheet would run', async () => {
    const text = await exported('csv', { applications: [warehouse] })
    const rows = text.trim().split('\r\n')
    expect(rows[0]).toMatch(/^id,at,seq,actor_id,actor,actor_email,verb,sentence,/)
    expect(rows).toHaveLength(5)
    expect(rows[1]).toContain('Otto Berg asked for 6 hours “=1+1”')
    await tell('group', newId(), 1, 'created', ago(5), {
      by: admin,
      data: { name: '=HYPERLINK("http://x")' },
    })
    expect(await exported('csv', { kinds: ['group'] })).toContain(`,"'=HYPERLINK(""http://x"")",`)
  })

  it('JSON Lines tells each entry whole, with its moments in UTC', async () => {
    const [first, second] = await lines('jsonl')
    expect(first).toMatchObject({
      at: ago(60).toISOString(),
      actor: { id: owner.id, name: 'Otto Berg', email: owner.email },
      verb: 'asked',
      object: { type: 'request', id: requestId, version: 1, name: 'prod_read' },
      person: { id: ana.id },
      application: { id: warehouse, name: 'Data warehouse' },
      data: { seconds: 21_600, reason: '=1+1' },
    })
    expect(second.verb).toBe('approved')
  })

  it('OCSF is the same entries as events', async () => {
    const [first] = await lines('ocsf')
    expect(first).toMatchObject({ class_uid: 3004, activity_id: 1, metadata: { event_code: 'asked' } })
  })

  it('ends at the moment it was asked for', async () => {
    await tell('group', newId(), 1, 'created', new Date(now.getTime() + 1), { by: admin })
    expect((await exported('jsonl', { kinds: ['group'] })).trim().split('\n')).toHaveLength(1)
  })
})
