import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { replaceSecrets, setPaused } from '@/lib/services/connection-edits'
import { revokeGrant } from '@/lib/services/grants'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'

let world: LeaseWorld
beforeEach(async () => {
  world = await createLeaseWorld()
})
afterEach(() => world.close())

const refuses = (status: number) => world.target.fault({ kind: 'status', status, times: 1000 })
const connection = async () => (await world.db.query.connection.findFirst())!
const mails = () => world.db.query.mail.findMany({ where: eq(schema.mail.kind, 'connection-trouble') })
it('a refused credential: the connection needs attention, gives wait, and its owners are told once', async () => {
  refuses(401)
  const grantId = await world.approved()
  await world.drain()
  await world.retryNow()
  expect(await connection()).toMatchObject({ probeOk: false, paused: false })
  expect(await world.verbs(world.connectionId)).toEqual(['needs_attention'])
  expect((await mails()).map((mail) => [mail.recipient, mail.state])).toEqual([[world.ben.email, 'sent']])
  expect((await mails())[0]?.text).toContain('does not accept our credentials')
  world.target.clear()
  await world.retryNow()
  expect((await world.grant(grantId)).state).toBe('active')
  expect(await connection()).toMatchObject({ probeOk: null, probe: null })
})

it('a take goes on trying under a refused credential, and a new secret begins anew', async () => {
  const grantId = await world.approved()
  await world.drain()
  refuses(403)
  must(await revokeGrant(world.as(world.ines), { grantId, reason: 'not needed' }))
  await world.drain()
  expect(await world.grant(grantId)).toMatchObject({ state: 'revoking', lastAnswer: 'auth' })
  expect(await world.verbs(world.connectionId)).toEqual(['needs_attention'])
  world.target.clear()
  must(
    await replaceSecrets(world.as(world.ines), {
      applicationId: world.applicationId,
      version: 1,
      secrets: { secret: world.target.secret },
      remove: [],
    }),
  )
  expect(await connection()).toMatchObject({ probeOk: null })
  await world.drain()
  expect((await world.grant(grantId)).state).toBe('ended')
})

it('admins are told where nobody owns the application', async () => {
  refuses(401)
  await world.approved()
  await world.db.delete(schema.applicationOwner)
  await world.drain()
  expect((await mails()).map((mail) => mail.recipient)).toEqual([world.ines.email])
})

it('410 stops gives and tells the owners; a resumption begins anew', async () => {
  refuses(410)
  const grantId = await world.approved()
  await world.drain()
  expect(await connection()).toMatchObject({ paused: true, probeOk: false })
  expect(await world.verbs(world.connectionId)).toEqual(['needs_attention'])
  expect((await mails())[0]?.text).toContain('has switched its connection off')
  world.target.clear()
  must(
    await setPaused(world.as(world.ines), {
      applicationId: world.applicationId,
      version: 1,
      paused: false,
      reason: '',
    }),
  )
  expect(await connection()).toMatchObject({ probeOk: null, paused: false })
  await world.retryNow()
  expect((await world.grant(grantId)).state).toBe('active')
})
