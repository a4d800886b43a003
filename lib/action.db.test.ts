import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { action, openAction, reading } from './action'
import type { Ctx } from './context'
import { ok, type Result, refuse, refuseFields } from './domain/errors'
import { idle } from './form'
import { openSession } from './services/sessions'
import { must } from './testing/lease-world'

const request = vi.hoisted(() => ({ headers: new Headers(), cookies: new Map<string, string>() }))
const effects = vi.hoisted(() => ({ refreshed: 0, after: 0 }))
vi.mock('next/headers', () => ({
  headers: async () => request.headers,
  cookies: async () => ({
    get: (name: string) => {
      const value = request.cookies.get(name)
      return value === undefined ? undefined : { name, value }
    },
  }),
}))
vi.mock('next/cache', () => ({ refresh: () => effects.refreshed++ }))
vi.mock('next/server', () => ({ after: () => effects.after++ }))

const OURS = 'http://localhost:3999'
const shared = globalThis as { leaseholdDatabase?: World['database'] }
let world: World
let ana: TestPerson
beforeAll(async () => {
  world = await createWorld()
  shared.leaseholdDatabase = world.database
  ana = await world.person('Ana Oliveira')
})
afterAll(async () => {
  shared.leaseholdDatabase = undefined
  await world.close()
})
beforeEach(async () => {
  await world.db.delete(schema.rateCounter)
  const { token } = must(await openSession(world.db, ana.id, 'demo'))
  request.headers = new Headers({ origin: OURS, host: 'localhost:3999' })
  request.cookies = new Map([['leasehold.session', token]])
  effects.refreshed = 0
  effects.after = 0
})

const input = z.object({ reason: z.string({ error: 'Say why' }).max(20, 'Too long'), seconds: z.number() })
const form = (values: Record<string, string>) => {
  const data = new FormData()
  for (const [name, value] of Object.entries(values)) data.set(name, value)
  return data
}
const good = () => form({ reason: 'because', seconds: '60' })
const seen = vi.fn(
  async (ctx: Ctx, given: z.output<typeof input>): Promise<Result<string>> =>
    ok(`${ctx.actor.kind === 'person' ? ctx.actor.id : ''} ${given.reason} ${given.seconds}`),
)
beforeEach(() => {
  seen.mockClear()
})

describe('an action', () => {
  it('gives the verb the signed-in person and the parsed input, then refreshes and nudges', async () => {
    const state = await action(input, seen)(idle, good())
    expect(state).toMatchObject({ status: 'done', result: `${ana.id} because 60` })
    expect(effects).toEqual({ refreshed: 1, after: 1 })
  })

  it.each([
    ['without an origin', {}],
    ['from nowhere', { origin: 'null' }],
    ['from elsewhere', { origin: 'https://evil.example' }],
  ])('posted %s reaches no verb', async (_, headers) => {
    request.headers = new Headers({ host: 'localhost:3999', ...headers })
    expect(await action(input, seen)(idle, good())).toMatchObject({ status: 'refused', code: 'forbidden' })
    expect(seen).not.toHaveBeenCalled()
    expect(effects).toEqual({ refreshed: 0, after: 0 })
  })

  it('of nobody, or with a token that opens nothing, reaches no verb', async () => {
    for (const cookies of [new Map(), new Map([['leasehold.session', 'guessed']])]) {
      request.cookies = cookies
      expect(await action(input, seen)(idle, good())).toMatchObject({ code: 'unauthenticated' })
    }
    expect(seen).not.toHaveBeenCalled()
  })

  it('says what is wrong at each field and gives back what was typed', async () => {
    const state = await action(input, seen)(idle, form({ reason: 'x'.repeat(21), seconds: 'soon' }))
    expect(state).toMatchObject({ status: 'refused', code: 'invalid' })
    expect(state.lastResult?.error?.reason).toEqual(['Too long'])
    expect(state.lastResult?.error?.seconds).toHaveLength(1)
    expect(state.lastResult?.initialValue).toEqual({ reason: 'x'.repeat(21), seconds: 'soon' })
    expect(seen).not.toHaveBeenCalled()
  })

  it('puts a verb’s refusal at its field, or over the form', async () => {
    const at = await action(input, async () => refuse('limit', 'Too many', 'seconds'))(idle, good())
    expect(at).toMatchObject({ status: 'refused', code: 'limit', message: 'Too many' })
    expect(at.lastResult?.error).toEqual({ seconds: ['Too many'] })
    expect(at.lastResult?.initialValue).toEqual({ reason: 'because', seconds: '60' })
    const all = await action(input, async () => refuseFields({ reason: 'A', seconds: 'B' }))(idle, good())
    expect(all.lastResult?.error).toEqual({ reason: ['A'], seconds: ['B'] })
    const over = await action(input, async () => refuse('conflict', 'Decided already'))(idle, good())
    expect(over.lastResult?.error).toEqual({ '': ['Decided already'] })
    expect(effects.refreshed).toBe(0)
  })

  it('never gives a secret back', async () => {
    const act = action(input, async () => refuse('conflict', 'No'), { writeOnly: ['reason'] })
    expect(JSON.stringify(await act(idle, good()))).not.toContain('because')
    const wrong = form({ reason: 'a secret that is far too long', seconds: '1' })
    expect(JSON.stringify(await act(idle, wrong))).not.toContain('secret')
  })

  it('names an accident by an id and shows nothing of it', async () => {
    const state = await action(input, async () => {
      throw new Error('password=hunter2')
    })(idle, good())
    expect(state).toMatchObject({ status: 'failed', code: 'unexpected' })
    expect(state.message).toContain(state.errorId ?? 'an id')
    expect(state.lastResult?.initialValue).toEqual({ reason: 'because', seconds: '60' })
    expect(JSON.stringify(state)).not.toContain('hunter2')
  })

  it('refuses what is no form, and a form that is too big', async () => {
    const act = action(input, seen)
    expect(await act(idle, { reason: 'x' } as never)).toMatchObject({ code: 'invalid' })
    const reason = 'x'.repeat(70_000)
    const state = await act(idle, form({ reason, seconds: '1' }))
    expect(state).toMatchObject({ code: 'invalid', message: 'This form holds too much text' })
    expect(state.lastResult?.initialValue, 'nothing typed is lost').toEqual({ reason, seconds: '1' })
    expect(seen).not.toHaveBeenCalled()
  })

  it.each([
    'reason[4294967294]',
    'reason[100]',
    `a${'.b'.repeat(20_000)}`,
    `a${'[0]'.repeat(20_000)}`,
    'reason..x',
    '__proto__.x',
    'a.__proto__',
    'a.constructor',
    '__intent__',
    '__state__',
    '$ACTION_REF_1[4294967294]',
    '$ACTION_1.x',
    '$OTHER',
    '',
  ])('refuses a field called %.30s without parsing the form', async (name) => {
    const started = performance.now()
    const sent = good()
    sent.append(name, 'x')
    expect(await action(input, seen)(idle, sent)).toMatchObject({ status: 'refused', code: 'invalid' })
    expect(performance.now() - started).toBeLessThan(1_000)
    expect(seen).not.toHaveBeenCalled()
  })

  it('refuses the parser’s own fields from anybody, and NUL characters', async () => {
    request.cookies = new Map()
    for (const odd of [{ __intent__: 'x' }, { __state__: '{' }, { reason: 'a\0b' }]) {
      const state = await openAction(input, async () => ok('in'))(idle, form(odd as never))
      expect(state).toMatchObject({ status: 'refused', code: 'invalid' })
    }
  })

  it('lets the fields pass that React adds to a form rendered by the server', async () => {
    const sent = good()
    for (const name of ['$ACTION_REF_1', '$ACTION_1:0', '$ACTION_1:1', '$ACTION_KEY', '$ACTION_ID_40ab'])
      sent.append(name, '{"id":"40ab"}')
    expect(await action(input, seen)(idle, sent)).toMatchObject({ status: 'done' })
  })

  it('knows the names of nested fields', async () => {
    const schema = z.object({ settings: z.object({ host: z.string() }), steps: z.array(z.string()) })
    const nested = form({ 'settings.host': 'db', 'steps[0]': 'a', 'steps[1]': 'b' })
    const state = await action(schema, async (_, given) => ok(given))(idle, nested)
    expect(state.result).toEqual({ settings: { host: 'db' }, steps: ['a', 'b'] })
  })

  it('counts a form that is refused before it is parsed', async () => {
    const act = action(input, seen, { limit: { name: 'test', max: 1, seconds: 600 } })
    expect(await act(idle, form({ __intent__: 'x' }))).toMatchObject({ code: 'invalid' })
    const state = await act(idle, good())
    expect(state).toMatchObject({ code: 'limit', lastResult: { initialValue: { reason: 'because' } } })
    expect(seen).not.toHaveBeenCalled()
  })

  it('goes on to the next page', async () => {
    const act = action(input, seen, { redirect: (_, given) => `/requests/${given.seconds}` })
    await expect(act(idle, good())).rejects.toMatchObject({ digest: expect.stringContaining('/requests/60') })
  })

  it('stops who does it too often, and says for how long', async () => {
    const act = action(input, seen, { limit: { name: 'test', max: 2, seconds: 600 } })
    await act(idle, good())
    await act(idle, good())
    expect(await act(idle, good())).toMatchObject({
      code: 'limit',
      message: expect.stringContaining('10 minutes'),
    })
    expect(seen).toHaveBeenCalledTimes(2)
  })
})

describe('an open action', () => {
  it('needs no session, but an origin', async () => {
    request.cookies = new Map()
    const run = vi.fn(async () => ok('in'))
    expect(await openAction(input, run)(idle, good())).toMatchObject({ status: 'done' })
    request.headers.set('origin', 'https://evil.example')
    expect(await openAction(input, run)(idle, good())).toMatchObject({ code: 'forbidden' })
    expect(run).toHaveBeenCalledTimes(1)
  })

  it('is not limited by a header that the client wrote', async () => {
    request.cookies = new Map()
    const limit = { name: 'test', max: 1, seconds: 600, everybody: 3 }
    const act = openAction(input, async () => ok('in'), { limit })
    for (const from of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) {
      request.headers.set('x-forwarded-for', from)
      expect(await act(idle, good())).toMatchObject({ status: 'done' })
    }
    request.headers.set('x-forwarded-for', '4.4.4.4')
    expect(await act(idle, good())).toMatchObject({ code: 'limit' })
  })
})

describe('a question as one types', () => {
  it('is answered to the signed-in alone', async () => {
    const ask = reading(z.string().min(2), async (_, text) => [text], [])
    expect(await ask('pay')).toEqual(['pay'])
    expect(await ask('p')).toEqual([])
    request.cookies = new Map()
    expect(await ask('pay')).toEqual([])
  })
})
