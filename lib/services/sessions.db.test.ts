import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { authAdapter } from '@/lib/auth-adapter'
import { hashToken } from '@/lib/ids'
import { sessionsOf } from '@/lib/queries/sessions'
import { must } from '@/lib/testing/lease-world'
import {
  closeSession,
  endSession,
  endSessions,
  type Opening,
  openSession,
  readSession,
  SESSION_SECONDS,
} from './sessions'

Object.assign(process.env, {
  OIDC_ISSUER: 'https://id.example',
  OIDC_CLIENT_ID: 'leasehold',
  OIDC_CLIENT_SECRET: 'secret',
  OIDC_2_ISSUER: 'https://id.partner.example',
  OIDC_2_CLIENT_ID: 'leasehold',
  OIDC_2_CLIENT_SECRET: 'secret',
  OIDC_2_NAME: 'Partner ID',
})

let world: World
let ana: TestPerson
beforeEach(async () => {
  world = await createWorld()
  ana = await world.person('Ana Oliveira')
})
afterEach(() => world.close())

describe('a session', () => {
  it('is found by its token, of which only the hash is stored', async () => {
    const { token } = must(await openSession(world.db, ana.id, 'demo'))
    expect(Buffer.from(token, 'base64url')).toHaveLength(32)
    expect(await readSession(world.db, token)).toMatchObject({ person: { id: ana.id, name: 'Ana Oliveira' } })
    const rows = await world.db.select().from(schema.session)
    expect(rows).toMatchObject([{ sessionToken: hashToken(token) }])
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(await readSession(world.db, hashToken(token))).toBeNull()
  })

  it('stands in the timeline with how the person came in', async () => {
    must(await openSession(world.db, ana.id, 'oidc'))
    const [entry] = await world.db.select().from(schema.timeline).where(eq(schema.timeline.subjectId, ana.id))
    expect(entry).toMatchObject({ verb: 'signed_in', actorSystem: 'sign-in', data: { by: 'oidc' } })
  })

  it('ends by itself after its time, counted on the real clock', async () => {
    const { token } = must(await openSession(world.db, ana.id, 'demo'))
    await world.db.update(schema.clock).set({ offsetMs: 30 * 86_400_000 })
    expect(await readSession(world.db, token)).not.toBeNull()
    const back = sql`expires - ${SESSION_SECONDS} * interval '1 second'`
    await world.db.update(schema.session).set({ expires: back })
    expect(await readSession(world.db, token)).toBeNull()
  })

  it('ends when it is closed, and no other with it', async () => {
    const [one, two] = [
      must(await openSession(world.db, ana.id, 'demo')),
      must(await openSession(world.db, ana.id, 'demo')),
    ]
    await closeSession(world.db, one.token)
    expect(await readSession(world.db, one.token)).toBeNull()
    expect(await readSession(world.db, two.token)).not.toBeNull()
  })

  it('opens nothing for a deactivated person, and is over for one deactivated since', async () => {
    const { token } = must(await openSession(world.db, ana.id, 'demo'))
    await world.db.update(schema.person).set({ deactivatedAt: sql`created_at` })
    expect(await readSession(world.db, token)).toBeNull()
    expect(await openSession(world.db, ana.id, 'demo')).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await world.db.select().from(schema.session)).toHaveLength(1)
  })
})

const opened = async (opening: Opening = {}, who = ana) =>
  must(await openSession(world.db, who.id, 'demo', opening)).token
const ago = (seconds: number) => sql`clock_timestamp() - ${seconds} * interval '1 second'`

describe('a sign-in', () => {
  it('is fresh for 15 minutes of the real clock, wherever the other one stands', async () => {
    const token = await opened()
    await world.db.update(schema.clock).set({ offsetMs: 30 * 86_400_000 })
    expect(await readSession(world.db, token)).toMatchObject({ session: { way: 'demo', fresh: true } })
    await world.db.update(schema.session).set({ provenAt: ago(895) })
    expect(await readSession(world.db, token)).toMatchObject({ session: { fresh: true } })
    await world.db.update(schema.session).set({ provenAt: ago(901) })
    expect(await readSession(world.db, token)).toMatchObject({ session: { fresh: false } })
  })

  it('is as old as its proof, which is never later than now', async () => {
    const old = await opened({ provenAt: new Date(Date.now() - 3_600_000), issuer: 'https://id.example/' })
    expect(await readSession(world.db, old)).toMatchObject({ session: { fresh: false } })
    const odd = await opened({ provenAt: new Date(Date.now() + 3_600_000) })
    expect(await readSession(world.db, odd)).toMatchObject({ session: { fresh: true } })
    await world.db.update(schema.session).set({ provenAt: ago(901) })
    expect(await readSession(world.db, odd), 'not for an hour more').toMatchObject({
      session: { fresh: false },
    })
  })

  it('takes the place of the one this browser had, and of no other', async () => {
    const [mine, elsewhere] = [await opened(), await opened()]
    const again = await opened({ replaces: mine })
    expect(await readSession(world.db, mine)).toBeNull()
    expect(await readSession(world.db, elsewhere)).not.toBeNull()
    expect(await readSession(world.db, again)).not.toBeNull()
  })
})

describe('where somebody is signed in', () => {
  const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0'
  const listed = async (ctx = world.as(ana), here = '') => (await sessionsOf(ctx, ana.id, here))?.sessions

  it('is told by device, road and times, this one marked, and without what is over', async () => {
    const token = await opened({ userAgent: FIREFOX })
    const here = (await readSession(world.db, token))?.session.id ?? ''
    await opened({ userAgent: '<script>' })
    await world.db
      .update(schema.session)
      .set({ lastSeenAt: ago(3_600) })
      .where(eq(schema.session.device, 'An unknown browser'))
    const seen = await listed(world.as(ana), here)
    expect(seen).toMatchObject([
      { device: 'Firefox on Linux', road: 'by choosing a name', here: true },
      { device: 'An unknown browser', here: false },
    ])
    expect(JSON.stringify(seen)).not.toContain(hashToken(token))
    await world.db.update(schema.session).set({ expires: ago(1) })
    expect(await listed()).toEqual([])
  })

  it('says when it was last seen, written at most every five minutes', async () => {
    const token = await opened()
    const [before] = await world.db.select().from(schema.session)
    await readSession(world.db, token)
    expect(await world.db.select().from(schema.session)).toEqual([before])
    await world.db.update(schema.session).set({ lastSeenAt: ago(301) })
    await readSession(world.db, token)
    const [after] = await world.db.select().from(schema.session)
    expect(after?.lastSeenAt.getTime()).toBeGreaterThanOrEqual(before!.lastSeenAt.getTime())
  })

  it('is ended one by one or everywhere by the person and by admins, and by nobody else', async () => {
    const [ines, mallory] = await Promise.all([
      world.person('Ines Albrecht', { admin: true }),
      world.person('Mallory'),
    ])
    const [one, two, other] = [await opened(), await opened(), await opened({}, mallory)]
    const idOf = async (token: string) => (await readSession(world.db, token))?.session.id ?? ''
    const [sessionId, foreign] = [await idOf(one), await idOf(other)]
    expect(await sessionsOf(world.as(mallory), ana.id, ''), 'none of her business').toBeNull()
    for (const attempt of [
      endSession(world.as(mallory), { personId: ana.id, sessionId }),
      endSessions(world.as(mallory), { personId: ana.id }),
    ])
      expect(await attempt).toMatchObject({ ok: false, code: 'forbidden' })
    const mixed = { personId: ana.id, sessionId: foreign }
    expect(await endSession(world.as(ana), mixed), 'by her own name').toMatchObject({ code: 'not_found' })
    must(await endSession(world.as(ana), { personId: ana.id, sessionId }))
    expect(await readSession(world.db, one)).toBeNull()
    expect(await readSession(world.db, two)).not.toBeNull()
    expect(must(await endSessions(world.as(ines), { personId: ana.id }))).toEqual({ ended: 1 })
    expect(await readSession(world.db, two)).toBeNull()
    expect(await readSession(world.db, other), 'somebody else’s').not.toBeNull()
    expect((await world.verbs(ana.id)).slice(-2)).toEqual(['signed_out', 'signed_out'])
  })

  it('ending everywhere kills the links that are on their way', async () => {
    const expires = new Date(Date.now() + 900_000)
    const rows = [ana.email.toUpperCase(), 'ben@halden.example'].map((identifier) => {
      return { identifier, token: 'hashed', expires }
    })
    await world.db.insert(schema.verificationToken).values(rows)
    must(await endSessions(world.as(ana), { personId: ana.id }))
    expect(await world.db.select().from(schema.verificationToken)).toMatchObject([rows[1]])
  })
})

describe('the adapter', () => {
  const adapter = () => authAdapter(world.db, { way: 'email' }) as Required<ReturnType<typeof authAdapter>>

  it('stores the session token hashed', async () => {
    const expires = new Date(0)
    await adapter().createSession({ sessionToken: 'plain-token', userId: ana.id, expires })
    expect(await world.db.select().from(schema.session)).toMatchObject([
      { sessionToken: hashToken('plain-token'), userId: ana.id },
    ])
    await adapter().deleteSession('plain-token')
    expect(await world.db.select().from(schema.session)).toEqual([])
  })

  it('takes nobody for signed in, so that no second identity is tied to a session', async () => {
    const { token } = must(await openSession(world.db, ana.id, 'demo'))
    expect(await adapter().getSessionAndUser(token)).toBeNull()
  })

  it('keeps none of the identity provider’s tokens, and binds to its address', async () => {
    await adapter().linkAccount({
      userId: ana.id,
      type: 'oidc',
      provider: 'oidc-2',
      providerAccountId: 'sub-1',
      access_token: 'at-secret',
      refresh_token: 'rt-secret',
      id_token: 'it-secret',
    })
    const rows = await world.db.select().from(schema.identity)
    expect(rows).toMatchObject([
      { userId: ana.id, provider: 'https://id.partner.example/', providerAccountId: 'sub-1' },
    ])
    expect(JSON.stringify(rows)).not.toContain('secret')
    const known = { provider: 'oidc-2', providerAccountId: 'sub-1' }
    expect(await adapter().getUserByAccount(known)).toMatchObject({ id: ana.id })
    expect(await adapter().getUserByAccount({ ...known, provider: 'oidc' }), 'another issuer').toBeNull()
  })

  it('binds nobody to a second identity of the same provider', async () => {
    const link = (providerAccountId: string, userId = ana.id) =>
      adapter().linkAccount({ userId, type: 'oidc', provider: 'oidc', providerAccountId })
    await link('sub-1')
    await link('sub-1')
    await expect(link('sub-2')).rejects.toThrow('another identity')
    const ben = await world.person('Ben Okafor')
    await expect(link('sub-1', ben.id), 'and none to two people').rejects.toThrow('another identity')
    expect(await world.db.select().from(schema.identity)).toHaveLength(1)
  })

  it('finds people whatever case their address is typed in, and makes none', async () => {
    expect(await adapter().getUserByEmail('ANA.Oliveira@Halden.Example')).toMatchObject({ id: ana.id })
    expect(() => adapter().createUser({ id: 'x', email: 'x@y.example', emailVerified: null })).toThrow()
  })

  it('gives a sign-in link out once', async () => {
    const link = { identifier: ana.email, token: 'hashed', expires: new Date(0) }
    await adapter().createVerificationToken(link)
    const both = await Promise.all([
      adapter().useVerificationToken(link),
      adapter().useVerificationToken(link),
    ])
    expect(both.filter(Boolean)).toHaveLength(1)
  })
})
