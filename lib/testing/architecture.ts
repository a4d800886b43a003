import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative } from 'node:path'

/** One file of the project: its path from the root, with slashes, and its text. */
export interface Source {
  readonly path: string
  readonly text: string
}

interface Import {
  readonly from: string
  /** Only types: nothing of it is left when the program runs. */
  readonly typeOnly: boolean
  readonly names: string
}

const folders = ['app', 'components', 'db', 'emails', 'inngest', 'lib']
const loose = ['instrumentation.ts', 'proxy.ts']

/** Every TypeScript file of the product, its tests included. */
export function readSources(root: string): Source[] {
  const paths = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/')),
  )
  return [...loose, ...paths].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

const isTest = (path: string) => /\.test\.tsx?$/.test(path) || /(^|\/)testing(\/|\.)/.test(path)
const within = (path: string, ...rooms: string[]) =>
  rooms.some((room) => path === room || path === `${room}.ts` || path.startsWith(`${room}/`))

const statement =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?([^'"`;]*?)\s*from\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g

/** The imports of a file, with `@/` and relative ones as paths from the root. */
export function importsOf({ path, text }: Source): Import[] {
  return [...withoutComments(text).matchAll(statement)].map((match) => {
    const from = match[3] ?? match[4] ?? match[5] ?? ''
    const names = match[2] ?? ''
    const listed = /^\{([\s\S]*)\}$/
      .exec(names.trim())?.[1]
      ?.split(',')
      .map((name) => name.trim())
    const onlyTypes = listed?.filter(Boolean).every((name) => name.startsWith('type ')) ?? false
    return {
      from: located(path, from),
      typeOnly: match[1] !== undefined || (onlyTypes && listed !== undefined),
      names,
    }
  })
}

function located(path: string, from: string): string {
  if (from.startsWith('@/')) return from.slice(2)
  return from.startsWith('.') ? posix.normalize(posix.join(dirname(path), from)) : from
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`\w/])\/\/[^\n]*/g, '$1')
}

/** Forbidden arrows: who, whom, and why not. Types count as well, unless it says otherwise. */
const bans: readonly {
  readonly who: (path: string) => boolean
  readonly whom: (from: string, entry: Import) => boolean
  readonly why: string
}[] = [
  {
    who: (path) => within(path, 'app', 'components', 'inngest', 'emails') && !isTest(path),
    whom: (from) => within(from, 'db') || within(from, 'drizzle-orm', 'postgres'),
    why: 'only lib knows the database; ask lib/queries, lib/services or lib/engine',
  },
  {
    who: (path) => within(path, 'lib/domain') && !isTest(path),
    whom: (from) => !within(from, 'lib/domain'),
    why: 'the domain is pure and imports nothing but itself',
  },
  {
    who: (path) => within(path, 'lib/model') && !isTest(path),
    whom: (from) => !within(from, 'lib/domain', 'lib/model'),
    why: 'the model is pure and knows the machines, nothing else',
  },
  {
    who: (path) => !within(path, 'lib/model') && !isTest(path),
    whom: (from) => within(from, 'lib/model'),
    why: 'the model is there for tests',
  },
  {
    who: (path) => within(path, 'lib/connectors') && !isTest(path),
    whom: (from) => within(from, 'db', 'lib/services', 'lib/queries', 'lib/engine', 'drizzle-orm'),
    why: 'a connector knows its target, and nothing of our record',
  },
  {
    who: (path) => within(path, 'components', 'emails') && !isTest(path),
    whom: (from, entry) =>
      within(from, 'lib/services', 'lib/queries', 'lib/engine', 'lib/session', 'lib/context') &&
      !entry.typeOnly,
    why: 'components and mails are given plain props',
  },
  {
    who: (path) => within(path, 'lib', 'db', 'emails', 'inngest') && !isTest(path),
    whom: (from, entry) => within(from, 'app', 'components') && !entry.typeOnly,
    why: 'arrows point from the screens inward, never back',
  },
  {
    who: (path) => within(path, 'db') && !isTest(path),
    whom: (from) => within(from, 'lib') && !within(from, 'lib/domain'),
    why: 'tables know the domain’s lists of states and nothing else of lib',
  },
  {
    who: (path) => path !== 'lib/services/outside.ts' && !isTest(path),
    whom: (from, { names, typeOnly }) =>
      !typeOnly &&
      ((from === 'lib/connectors/call' && /\bcallConnector\b/.test(names)) ||
        (from === 'lib/egress' && /\bcreateEgress\b/.test(names)) ||
        (from === 'lib/mail/transport' && /\bdeliver\b/.test(names))),
    why: 'whatever leaves goes through lib/services/outside.ts, where quarantine holds it',
  },
  {
    who: (path) =>
      path !== 'lib/services/outside.ts' && !within(path, 'inngest', 'app/api/inngest') && !isTest(path),
    whom: (from) => from === 'inngest/client' || from === 'inngest',
    why: 'whatever leaves goes through lib/services/outside.ts, where quarantine holds it',
  },
  {
    who: (path) => !within(path, 'lib/mail/transport') && !isTest(path),
    whom: (from) => within(from, 'nodemailer', 'resend'),
    why: 'mails leave through lib/mail/transport.ts alone',
  },
  {
    who: (path) => !within(path, 'lib/services', 'lib/queries') && !isTest(path),
    whom: (from, entry) => within(from, 'lib/queries') && /\bunsafe[A-Z]/.test(entry.names),
    why: 'a read that is not scoped by its actor is for services only',
  },
]

/** Everything in these rooms must not reach a browser, and says so in its first line. */
const serverRooms = [
  'lib/services',
  'lib/queries',
  'lib/engine',
  'lib/mail',
  'lib/connectors/registry',
  'db/client',
]
const serverFiles = [
  'action',
  'auth',
  'clock',
  'context',
  'env',
  'links',
  'log',
  'secrets',
  'session',
  'start',
].map((name) => `lib/${name}`)
const serverOnly = /^\s*(?:\/\*[\s\S]*?\*\/\s*)?import ['"]server-only['"]/

/** Readings of time and chance that belong to lib/clock.ts and lib/ids.ts. */
const ownReadings: readonly [RegExp, string][] = [
  [/\bnew Date\(\s*\)/, 'reads the clock with new Date()'],
  [/\bDate\.now\(/, 'reads the clock with Date.now()'],
  [/\bMath\.random\(/, 'takes chance from Math.random()'],
  [/\brandomUUID\(/, 'makes an id with randomUUID()'],
  [/\bsql(?:<[^`]*>)?`[^`]*\b(?:now\(\)|current_timestamp)/i, 'reads the database’s clock in SQL with now()'],
]

/** Everything that breaks the house's rules, each as one sentence that names both ends. */
export function violations(sources: readonly Source[]): string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const imports = new Map(sources.map((source) => [source.path, importsOf(source)]))
  const found: string[] = []
  for (const { path, text } of sources) {
    for (const entry of imports.get(path) ?? [])
      for (const ban of bans)
        if (ban.who(path) && ban.whom(entry.from, entry))
          found.push(`${path} imports ${entry.from}: ${ban.why}`)
    if (isTest(path)) continue
    if (within(path, ...serverRooms, ...serverFiles) && !serverOnly.test(text))
      found.push(`${path} does not begin with import 'server-only': nothing would keep it out of a browser`)
    const code = withoutComments(text)
    if (!within(path, 'lib/clock', 'lib/ids', 'db/migrations'))
      for (const [reading, words] of ownReadings)
        if (reading.test(code)) found.push(`${path} ${words}: time and ids come in through the context`)
    if (/['"]use server['"]/.test(code) && !/^\s*['"]use server['"]/.test(code))
      found.push(
        `${path} has a server action without a name of its own: actions are exports of an actions file`,
      )
    if (within(path, 'components') || isClient(text)) {
      const way = wayToServer(path, byPath, imports)
      if (way) found.push(`${way.join(' → ')} is server-only: this would reach a browser`)
    }
  }
  return found
}

const isClient = (text: string) => /^\s*(?:\/\*[\s\S]*?\*\/\s*)?['"]use client['"]/.test(text)
const isActions = (text: string) => /^\s*['"]use server['"]/.test(text)

/** The chain of imports from a file to a server-only one; actions are called over the wire, so it ends there. */
function wayToServer(
  start: string,
  byPath: ReadonlyMap<string, Source>,
  imports: ReadonlyMap<string, Import[]>,
): string[] | null {
  const seen = new Set([start])
  const ways = [[start]]
  for (let way = ways.shift(); way; way = ways.shift()) {
    const here = way[way.length - 1] ?? start
    for (const { from, typeOnly } of imports.get(here) ?? []) {
      if (typeOnly) continue
      const next = [`${from}.ts`, `${from}.tsx`, `${from}/index.ts`, `${from}/index.tsx`, from].find((p) =>
        byPath.has(p),
      )
      const text = next && byPath.get(next)?.text
      if (!next || !text || seen.has(next) || isActions(text)) continue
      if (serverOnly.test(text)) return [...way, next]
      seen.add(next)
      ways.push([...way, next])
    }
  }
  return null
}
