import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { readNow } from '@/lib/clock'
import { DAY, HOUR } from '@/lib/domain/duration'
import { newId } from '@/lib/ids'
import { createLink, requestDigest } from '@/lib/links'
import { decideOnRequests } from '@/lib/services/bulk-decisions'
import { decideOnRequest, withdrawRequest } from '@/lib/services/decisions'
import { askForAccess } from '@/lib/services/requests'
import { approvalQueue, countToDecide, myDecisions, requestToDecide } from './approvals'
import { askForm, catalogue, usualAnswers } from './catalogue'
import { homeOf, myLease } from './home'
import { decideLink } from './links'
import { movingRequests, myRequests, requestDetails, requestStory } from './requests'

let world: World
let [ana, ben, mira, olga, ines]: TestPerson[] = []
let read = ''
let write = ''
let closed = ''

const person = (p: TestPerson | undefined): TestPerson => {
  if (!p) throw new Error('the world has no such person')
  return p
}
const as = (p: TestPerson | undefined) => world.as(person(p))
const now = () => readNow(world.db)

beforeAll(async () => {
  world = await createWorld()
  ben = await world.person('Ben Okafor')
  ana = await world.person('Ana Oliveira', { team: 'Payments', managerId: ben.id })
  mira = await world.person('Mira Lindqvist')
  olga = await world.person('Olga Stranger')
  ines = await world.person('Ines Albrecht', { admin: true })
  const data = await world.application('Data warehouse', { owners: [mira] })
  read = await world.entitlement(data, 'prod_read')
  write = await world.entitlement(data, 'prod_write', { risk: 'high' })
  closed = await world.entitlement(data, 'finance_read')
  const presets = [
    { seconds: 6 * HOUR, noticeSeconds: HOUR },
    { seconds: DAY, noticeSeconds: 4 * HOUR },
  ]
  await world.policy('Read', {
    entitlementIds: [read],
    presets,
    steps: [{ approvers: [{ kind: 'owners' }, { kind: 'manager' }], quorum: 1 }],
  })
  await world.policy('Write', {
    entitlementIds: [write],
    presets,
    steps: [
      { approvers: [{ kind: 'manager' }], quorum: 1 },
      { approvers: [{ kind: 'owners' }], quorum: 1 },
    ],
  })
  await world.policy('Finance', {
    entitlementIds: [closed],
    presets,
    requesters: { kind: 'some', groupIds: [], personIds: [ines.id] },
  })
})
afterAll(() => world.close())

async function ask(entitlementId: string, who = ana): Promise<string> {
  const asked = await askForAccess(as(who), {
    entitlementId,
    seconds: DAY,
    reason: 'INC-1',
    startAt: null,
  })
  if (!asked.ok) throw new Error(asked.message)
  return asked.value.requestId
}

describe('the catalogue', () => {
  it('says for each entitlement who agrees and how it stands with the reader', async () => {
    const [app] = await catalogue(as(ana), await now())
    const rows = Object.fromEntries((app?.rows ?? []).map((r) => [r.entitlement.name, r]))
    expect(rows.prod_read).toMatchObject({ agree: 'either', standing: { kind: 'free' }, usualSeconds: null })
    expect(rows.prod_write).toMatchObject({ agree: '2 steps', standing: { kind: 'free' } })
    expect(rows.finance_read?.standing).toEqual({ kind: 'closed', why: 'Not for you', ask: 'Mira Lindqvist' })
  })

  it('offers nobody what nobody could agree to', async () => {
    const [app] = await catalogue(as(olga), await now())
    const row = app?.rows.find((r) => r.entitlement.name === 'prod_write')
    expect(row?.standing).toMatchObject({ kind: 'closed', why: 'Nobody could agree at present' })
  })

  it('stays open to whom a rule of the policy agrees, though nobody could', async () => {
    const data = await world.application('Board room', { owners: [person(mira)] })
    const pack = await world.entitlement(data, 'board_read')
    const finance = await world.group('Finance', [person(ana)])
    await world.policy('Board pack', {
      entitlementIds: [pack],
      presets: [{ seconds: 6 * HOUR, noticeSeconds: HOUR }],
      steps: [{ approvers: [{ kind: 'manager' }], quorum: 1 }],
      automatic: { groupIds: [finance], maxSeconds: 6 * HOUR, maxRisk: null, heldWithinDays: null },
    })
    const standingOf = async (who: TestPerson | undefined) => {
      const apps = await catalogue(as(who), await now())
      return apps.flatMap((a) => a.rows).find((r) => r.entitlement.id === pack)?.standing
    }
    expect(await standingOf(ana)).toEqual({ kind: 'free' })
    expect(await standingOf(olga)).toMatchObject({ kind: 'closed', why: 'Nobody could agree at present' })
  })

  it('shows lengths under the floor as closed, judged now', async () => {
    await world.db.update(schema.organisation).set({ floorSeconds: 12 * HOUR })
    const form = await askForm(as(ana), read, await now())
    await world.db.update(schema.organisation).set({ floorSeconds: 900 })
    expect(form?.presets.map((p) => p.problem)).toEqual(['The minimum is 12 hours', null])
  })

  it('knows no form for what is not offered', async () => {
    expect(await askForm(as(ana), newId(), await now())).toBeNull()
  })
})

describe('a request on its way', () => {
  it('waits for those who may decide on the open step, and for nobody else', async () => {
    const id = await ask(write)
    expect((await approvalQueue(as(ben), await now())).items.map((i) => i.id)).toEqual([id])
    for (const other of [mira, ana, olga, ines]) expect(await countToDecide(as(other), await now())).toBe(0)
    expect(await requestToDecide(as(mira), id, await now())).toBeNull()
    const decided = await decideOnRequest(as(ben), {
      requestId: id,
      verdict: 'approve',
      note: 'Fine',
      version: 1,
    })
    expect(decided).toMatchObject({ ok: true, value: { state: 'pending' } })
    expect(await countToDecide(as(ben), await now())).toBe(0)
    const [next] = (await approvalQueue(as(mira), await now())).items
    expect(next).toMatchObject({
      id,
      progress: { step: 1, steps: 2, agreed: 0, needed: 1, missing: 1 },
      votes: [{ personName: 'Ben Okafor', note: 'Fine' }],
      choices: [
        { seconds: 6 * HOUR, asked: false },
        { seconds: DAY, asked: true },
      ],
    })
    await withdrawRequest(as(ana), id)
    expect(await countToDecide(as(mira), await now())).toBe(0)
  })

  it('is seen by its asker, its approvers, owners and admins, and does not exist for others', async () => {
    const id = await ask(read)
    for (const one of [ana, ben, mira, ines])
      expect((await requestDetails(as(one), id, await now()))?.request.id).toBe(id)
    expect(await requestDetails(as(olga), id, await now())).toBeNull()
    const mine = await requestDetails(as(ana), id, await now())
    expect(mine?.may).toMatchObject({ withdraw: true, decide: false, revoke: false })
    const owner = await requestDetails(as(mira), id, await now())
    expect(owner?.may).toMatchObject({ withdraw: false, decide: true })
    await withdrawRequest(as(ana), id)
  })

  it('tells its story with the grant that came of it', async () => {
    const id = await ask(read)
    await decideOnRequest(as(mira), {
      requestId: id,
      verdict: 'approve',
      note: null,
      seconds: 6 * HOUR,
      version: 1,
    })
    const details = await requestDetails(as(ana), id, await now())
    if (!details) throw new Error('the asker sees the request')
    expect(details.request).toMatchObject({ state: 'approved', seconds: 6 * HOUR, askedSeconds: DAY })
    const story = await requestStory(as(ana), details)
    expect(story.map((e) => e.verb)).toEqual(['asked', 'approved', 'scheduled'])
    expect((await movingRequests(as(ana), await now())).map((r) => r.id)).toContain(id)
    expect((await myRequests(as(ana), await now())).requests[0]?.id).toBe(id)
    expect((await myRequests(as(olga), await now())).requests).toEqual([])
    const home = await homeOf(as(ana), await now())
    // Agreed and due: for people it is being given, whether the engine has begun or not.
    expect(home.leases.map((l) => l.times.state)).toEqual(['provisioning'])
    const grantId = details.request.grant?.id ?? ''
    expect(await myLease(as(ana), grantId, await now())).not.toBeNull()
    expect(await myLease(as(olga), grantId, await now())).toBeNull()
    expect((await myDecisions(as(mira), await now())).items[0]).toMatchObject({
      personName: 'Ana Oliveira',
      vote: { verdict: 'approve', seconds: 6 * HOUR },
    })
  })

  it('counts only our own answers into the usual time, by the median', async () => {
    const usual = await usualAnswers(world.db, await now(), [read])
    expect(usual.get(read)).toBeGreaterThanOrEqual(0)
    expect((await usualAnswers(world.db, await now(), [closed])).has(closed)).toBe(false)
  })
})

describe('deciding in bulk', () => {
  it('never takes high risk along, and decides nothing then', async () => {
    const id = await ask(write)
    const answer = await decideOnRequests(as(ben), {
      picked: [{ requestId: id, version: 1 }],
      verdict: 'approve',
      note: null,
    })
    expect(answer).toMatchObject({ ok: false, code: 'invalid' })
    expect((await requestDetails(as(ana), id, await now()))?.request.version).toBe(1)
    await withdrawRequest(as(ana), id)
  })

  it('decides each on its own and says which were not', async () => {
    const id = await ask(read, olga)
    const answer = await decideOnRequests(as(mira), {
      picked: [
        { requestId: id, version: 1 },
        { requestId: newId(), version: 1 },
      ],
      verdict: 'deny',
      note: 'Not this week',
    })
    expect(answer).toMatchObject({
      ok: true,
      value: { decided: 1, refused: [{ message: expect.any(String) }] },
    })
    const denied = await requestDetails(as(olga), id, await now())
    expect(denied?.decisions).toMatchObject([{ verdict: 'deny', note: 'Not this week' }])
  })

  it('wants a reason for a no', async () => {
    const answer = await decideOnRequests(as(mira), { picked: [], verdict: 'deny', note: null })
    expect(answer).toMatchObject({ ok: false, field: 'note' })
  })
})

describe('a link from a mail', () => {
  async function link(id: string, to: TestPerson | undefined): Promise<string> {
    const row = await world.db.query.request.findFirst({ where: eq(schema.request.id, id) })
    if (!row) throw new Error('no such request')
    return createLink(world.db, {
      purpose: 'decide',
      personId: person(to).id,
      requestId: id,
      grantId: null,
      digest: requestDigest(row),
      expiresAt: row.decideBy,
    })
  }

  it('shows the form to the one it was mailed to, as often as it is looked at', async () => {
    const id = await ask(read, olga)
    const token = await link(id, mira)
    for (let look = 0; look < 3; look++)
      expect(await decideLink(as(mira), token, await now())).toMatchObject({
        kind: 'decide',
        mayRevoke: true,
        request: { id },
      })
  })

  it('says nothing to anybody else, an admin included', async () => {
    const id = await movingRequests(as(olga), await now()).then(
      (all) => all.find((r) => r.state === 'pending')?.id,
    )
    const token = await link(id ?? '', mira)
    for (const other of [ben, ines, olga])
      expect(await decideLink(as(other), token, await now())).toEqual({ kind: 'foreign' })
    expect(await decideLink(as(mira), 'x'.repeat(43), await now())).toEqual({ kind: 'unknown' })
    expect(await decideLink(as(mira), '../../etc', await now())).toEqual({ kind: 'unknown' })
  })

  it('decides nothing any more after an edit, and says so', async () => {
    const id = await movingRequests(as(olga), await now()).then(
      (all) => all.find((r) => r.state === 'pending')?.id,
    )
    const token = await link(id ?? '', mira)
    await world.db
      .update(schema.request)
      .set({ reason: 'Something else altogether' })
      .where(eq(schema.request.id, id ?? ''))
    expect(await decideLink(as(mira), token, await now())).toMatchObject({ kind: 'changed', request: { id } })
  })

  it('shows by whom and when once it was decided', async () => {
    const id = await movingRequests(as(olga), await now()).then(
      (all) => all.find((r) => r.state === 'pending')?.id,
    )
    const token = await link(id ?? '', mira)
    await withdrawRequest(as(olga), id ?? '')
    expect(await decideLink(as(mira), token, await now())).toMatchObject({
      kind: 'decided',
      details: { request: { state: 'withdrawn' } },
    })
  })
})
