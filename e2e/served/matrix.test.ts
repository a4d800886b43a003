import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import { actions } from './actions'
import { doors, foundDoors, type Knock } from './doors'
import type { ActionEntry, Entry } from './entries'
import { type Kind, kinds, type Somebody } from './people'
import type { Place } from './place'
import { type Answer, actionDoors, addressOf, knock, sendAction } from './replay'
import { type Scene, type Scenes, stage } from './scenes'
import { holdWork, type Served, serve } from './server'

const COLUMNS = ['their own', 'somebody else’s', 'another thing’s id'] as const
/** Answers that let nobody in. */
const REFUSALS = '134'

let served: Served
let scenes: Scenes
/** Where whatever changes nothing is tried. */
let still: Scene
const count = { requests: 0, refusals: 0, recorded: 0, origins: 0 }

beforeAll(async () => {
  served = await serve('matrix')
  await holdWork(served)
  scenes = stage(served)
  still = await scenes.open([0, 1, 2])
  await served.written()
})
afterAll(async () => {
  await served?.close()
  const [acts, places] = [Object.keys(actions).length, Object.keys(doors).length]
  console.log(
    `Authorization matrix: ${acts + places} entries (${acts} server actions, ${places} pages and routes) × ` +
      `${kinds.length} kinds of person × ${COLUMNS.length} objects: ${count.requests} requests, ` +
      `${count.refusals} refusals, ${count.recorded} of them on record; ${count.origins} forms from elsewhere`,
  )
})

/** `'you#setAway': on((it) => ({ … }), '<measured>'),` for whoever has to add or mend a line. */
const line = (file: string, name: string, rows: readonly string[]) =>
  `e2e/served/${file}: '${name}': on((it) => …, '${rows.join(' ')}'),`

/** How often anybody was refused, on record. */
async function onRecord(): Promise<number> {
  const [row] = await served.world.db
    .select({ sum: sql<number>`coalesce(sum(count), 0)::int` })
    .from(schema.refusal)
  return row?.sum ?? 0
}

/**
 * Tries one door as everybody on every object, and gives the letters. Whoever is expected to be turned away is tried
 * on the still scene, where nothing may be written; whoever is expected to act has a scene of their own.
 */
async function tried<What>(
  entry: Entry<What>,
  send: (what: What, who: Somebody) => Promise<Answer>,
): Promise<{ rows: string[]; words: Map<string, string> }> {
  const { expected } = entry
  const columns = expected.length === 1 ? 1 : 3
  const sample: unknown = entry.send(still.columns[0] as Place)
  /** A question of a page’s own scripts: `+` is an answer that says something, and nothing is written. */
  const tells = typeof sample === 'object' && sample !== null && 'asks' in sample
  const words = new Map<string, string>()
  const rows: string[] = []
  for (let column = 0; column < columns; column++) {
    const letters: string[] = kinds.map(() => '')
    const acts = (kind: number) => (expected[column]?.[kind] ?? '+') === '+'
    const one = async ({ people, columns: places }: Scene, kind: number) => {
      const who = people[kinds[kind] as Kind]
      const answer = await send(entry.send(places[column] as Place), who)
      count.requests++
      if (REFUSALS.includes(answer.letter)) count.refusals++
      words.set(`${kinds[kind]}, ${COLUMNS[column]}`, answer.words)
      return answer.letter
    }
    const all = kinds.map((_, i) => i)
    await Promise.all(
      all
        .filter((i) => !acts(i))
        .map(async (i) => {
          const letter = await one(still, i)
          letters[i] = letter === '+' && !tells ? 'o' : letter
        }),
    )
    expect(await served.written(), `written for those who were turned away: ${letters}`).toEqual({})
    const actors = all.filter(acts)
    const theirs = await Promise.all(actors.map(async () => (tells ? still : scenes.open([column]))))
    for (const [at, i] of actors.entries()) {
      const own = theirs[at] as Scene
      await scenes.reset(own.columns[column] as Place)
      const letter = await one(own, i)
      const wrote = Object.keys(await served.written()).length > 0
      letters[i] = letter === '+' && !wrote && !tells ? 'o' : letter
    }
    if (!tells) await scenes.close(theirs)
    rows.push(letters.join(''))
  }
  return { rows, words }
}

/** What may not be, whatever the table says. */
function soundness(rows: readonly string[], words: ReadonlyMap<string, string>): string[] {
  const [own = '', foreign = '', other = ''] = rows
  const wrong: string[] = []
  if (/[!]/.test(rows.join(''))) wrong.push('an accident is no answer')
  if (/\?/.test(own) && !/[34]/.test(own) && !/^1+\?+$/.test(own)) wrong.push('nobody understands this input')
  kinds.forEach((kind, i) => {
    const there = `${foreign[i]} ${words.get(`${kind}, ${COLUMNS[1]}`)}`
    const not = `${other[i]} ${words.get(`${kind}, ${COLUMNS[2]}`)}`
    // An auditor and an admin know of everything; to them a refusal may say what it is about.
    const knows = kind === 'auditor' || kind === 'admin'
    if (foreign && !knows && REFUSALS.includes(foreign[i] ?? '') && there !== not)
      wrong.push(`${kind} can tell what is there (${there}) from what is not (${not})`)
  })
  return wrong
}

async function matches<What>(
  file: string,
  name: string,
  entry: Entry<What>,
  send: (what: What, who: Somebody) => Promise<Answer>,
) {
  const { rows, words } = await tried(entry, send)
  const said = [...words].filter(([, text]) => text).map(([who, text]) => `  ${who}: ${text}`)
  expect(rows, `${line(file, name, rows)}\n${said.join('\n')}\n`).toEqual(entry.expected)
  expect(soundness(rows, words), `${line(file, name, rows)}\n${said.join('\n')}\n`).toEqual([])
}

// First, while little is there: what acts leaves more in every list.
describe('every page and route', () => {
  it('is in the table, and nothing else is', () => {
    const found = foundDoors()
    const missing = found.filter((name) => !(name in doors)).map((name) => line('doors.ts', name, ['…']))
    expect(missing, 'add these lines').toEqual([])
    expect(
      Object.keys(doors).filter((name) => !found.includes(name.split('?', 1)[0] ?? '')),
      'take these lines out',
    ).toEqual([])
  })

  it.each(Object.entries(doors).map(([name, entry]) => ({ name, entry })))(
    '$name',
    async ({ name, entry }) => {
      const what = entry.send(still.columns[0] as Place)
      if (typeof what === 'string') await knock(served, what, still.people.admin, { method: 'HEAD' })
      const before = await onRecord()
      await matches('doors.ts', name, entry, async (what: Knock, who) => {
        if (typeof what === 'string') return knock(served, what, who)
        const { path, method, body } = what
        return knock(served, path, who, { method, body, headers: { origin: served.origin } })
      })
      // A door that this install does not have refuses nobody, nor does one that shows the way to the sign-in page.
      const machine = /\/api\/((scim|cron|demo)\/|metrics)/.test(name)
      const there = !/\/(api|dev)\//.test(name)
      const letters = entry.expected.join('')
      const put = machine ? letters.length : there ? letters.replaceAll(/[^34]/g, '').length : 0
      expect((await onRecord()) - before, 'refusals on record').toBe(put)
      count.recorded += put
    },
  )
})

describe('every server action', () => {
  const found = actionDoors()
  /** Questions of a page's own scripts are answered with nothing, and that is all. */
  const asks = ({ send }: ActionEntry) => 'asks' in send(still.columns[0] as Place)

  it('is in the table, and nothing else is', () => {
    const missing = found
      .filter(({ name }) => !(name in actions))
      .map(({ name }) => line('actions.ts', name, ['…']))
    expect(missing, 'add these lines').toEqual([])
    const names = new Set(found.map(({ name }) => name))
    expect(
      Object.keys(actions).filter((name) => !names.has(name)),
      'take these lines out',
    ).toEqual([])
  })

  const byName = new Map(found.map((door) => [door.name, door]))
  const known = Object.entries(actions).flatMap(([name, entry]) => {
    const door = byName.get(name)
    return door ? [{ name, entry, door }] : []
  })

  it.each(known)('$name', async ({ name, entry, door }) => {
    const path = addressOf(door)
    const before = [count.refusals, await onRecord()] as const
    await matches('actions.ts', name, entry, (what, who) => sendAction(served, { ...door, path }, what, who))
    const put = asks(entry) ? 0 : count.refusals - before[0]
    const recorded = (await onRecord()) - before[1]
    // Whoever acted is shown the page they acted on anew, which may be none of theirs.
    const again = entry.expected.join('').replaceAll(/[^+o]/g, '').length
    count.recorded += put
    expect(recorded, 'refusals on record').toBeGreaterThanOrEqual(put)
    expect(recorded, 'refusals on record').toBeLessThanOrEqual(put + again)
    // Whoever may do it most: the last of those who are let in, with a form that is not ours.
    const at = Math.max(0, entry.expected[0]?.search(/[+o~?][^+o~?]*$/) ?? 0)
    const who = still.people[kinds[at] as Kind]
    const form = entry.send(still.columns[0] as Place)
    await Promise.all(
      ['https://elsewhere.example', 'null', null].map(async (from) => {
        const answer = await sendAction(served, { ...door, path }, form, who, from)
        count.origins++
        expect(answer.letter, `${name} from ${from}: ${answer.words}`).toMatch(/[!3o+]/)
      }),
    )
    expect(await served.written(), 'what was written for a form that is not ours').toEqual({})
  })
})
