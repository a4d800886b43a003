import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { authAdapter } from '@/lib/auth-adapter'
import { hashToken } from '@/lib/ids'
import { must } from '@/lib/testing/lease-world'
import { closeSession, openSession, readSession, SESSION_SECONDS } from './sessions'

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

describe('the adapter', () => {
  const adapter = () => authAdapter(world.db, () => 'email') as Required<ReturnType<typeof authAdapter>>

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

  it('keeps none of the identity provider’s tokens', async () => {
    await adapter().linkAccount({
      userId: ana.id,
      type: 'oidc',
      provider: 'oidc',
      providerAccountId: 'sub-1',
      access_token: 'at-secret',
      refresh_token: 'rt-secret',
      id_token: 'it-secret',
    })
    const rows = await world.db.select().from(schema.identity)
    expect(rows).toMatchObject([{ userId: ana.id, providerAccountId: 'sub-1' }])
    expect(JSON.stringify(rows)).not.toContain('secret')
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
