import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect } from 'vitest'
import { schema } from '@/db/client'
import type { Entry } from './entries'
import { type Kind, kinds, type Somebody } from './people'
import type { Place } from './place'
import type { Answer } from './replay'
import { type Scene, type Scenes, stage } from './scenes'
import { holdWork, type Served, serve } from './server'

const COLUMNS = ['their own', 'somebody else’s', 'another thing’s id'] as const
/** Answers that let nobody in. */
const REFUSALS = '134'

/** Where whatever changes nothing is tried, and the server it is on; there once the tests begin. */
export let served: Served
export let still: Scene
let scenes: Scenes
export const count = { requests: 0, refusals: 0, recorded: 0, origins: 0 }

/** A part of the matrix, on a server of its own: `what` and how many entries it has are told at the end. */
export function serveMatrix(what: string, entries: number): void {
  beforeAll(async () => {
    served = await serve(`matrix-${what.replaceAll(' ', '-')}`)
    await holdWork(served)
    scenes = stage(served)
    still = await scenes.open([0, 1, 2])
    await served.written()
  })
  afterAll(async () => {
    await served?.close()
    console.log(
      `Authorization matrix: ${entries} ${what} × ${kinds.length} kinds of person × ${COLUMNS.length} objects: ` +
        `${count.requests} requests, ${count.refusals} refusals, ${count.recorded} of them on record; ` +
        `${count.origins} forms from elsewhere`,
    )
  })
}

/** `'you#setAway': on((it) => ({ … }), '<measured>'),` for whoever has to add or mend a line. */
export const line = (file: string, name: string, rows: readonly string[]) =>
  `e2e/served/${file}: '${name}': on((it) => …, '${rows.join(' ')}'),`

/** How often anybody was refused, on record. */
export async function onRecord(): Promise<number> {
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

/** Tries one door as everybody on every object, and holds the answers against the table. */
export async function matches<What>(
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
