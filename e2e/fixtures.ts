// biome-ignore-all lint/correctness/noEmptyPattern: Playwright reads from it which fixtures another one needs.
import {
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from '@playwright/test'
import type postgres from 'postgres'
import { person as seeded } from '../scripts/seed/people.mjs'
import { Clock, Mails, readOnly, Warehouse } from './support/outside'
import { Watch } from './support/watch'
import { readWorld, type World } from './support/world'

type Saved = Awaited<ReturnType<BrowserContext['storageState']>>
/** A sign-in is fresh for 15 minutes; a story takes its part of them. */
const FRESH_MS = 8 * 60_000

type Open = (person: string | null, options?: BrowserContextOptions) => Promise<Page>

interface Shared {
  world: World
  /** The product's record, read-only. */
  db: postgres.Sql
  clock: Clock
  /** Whoever signed in stays signed in for the stories of this worker, while publishing takes no sign-in anew. */
  sessions: Map<string, { browser: BrowserContext; saved: Saved; at: number }>
}

interface Story {
  watch: Watch
  mails: Mails
  warehouse: Warehouse
  /** A page of somebody's own browser: signed in as a seeded person ("ana"), or as nobody (null). */
  as: Open
  /** Notes a figure for the report. */
  measured: (what: string, value: string) => void
}

export const test = base.extend<Story, Shared>({
  world: [async ({}, use) => use(readWorld()), { scope: 'worker' }],
  db: [
    async ({ world }, use) => {
      const sql = readOnly(world.databaseUrl)
      await use(sql)
      await sql.end({ timeout: 1 })
    },
    { scope: 'worker' },
  ],
  clock: [async ({ world }, use) => use(new Clock(world)), { scope: 'worker' }],
  sessions: [
    async ({}, use) => {
      const sessions: Shared['sessions'] = new Map()
      await use(sessions)
      await Promise.all([...sessions.values()].map(({ browser }) => browser.close()))
    },
    { scope: 'worker' },
  ],
  mails: async ({ world }, use) => use(await Mails.since(world)),
  warehouse: async ({ world }, use) => {
    const warehouse = new Warehouse(world)
    await use(warehouse)
    await warehouse.close()
  },
  watch: [
    async ({}, use) => {
      const watch = new Watch()
      await use(watch)
      expect(watch.problems, 'what the pages complained about').toEqual([])
    },
    { auto: true },
  ],
  page: async ({ page, watch }, use) => {
    watch.follow(page)
    await use(page)
  },
  as: async ({ browser, contextOptions, sessions, watch, baseURL }, use) => {
    const atEnd: (() => Promise<void>)[] = []
    const inTab = async (context: BrowserContext) => {
      const page = await context.newPage()
      atEnd.push(() => page.close())
      return page
    }
    const follow = (context: BrowserContext) => {
      const followed = (page: Page) => watch.follow(page)
      context.on('page', followed)
      atEnd.push(async () => void context.off('page', followed))
    }
    const following = new Set<BrowserContext>()
    const sessionOf = async (who: string) => {
      const known = sessions.get(who)
      if (known && performance.now() - known.at <= FRESH_MS) return known
      // This story may still have it open.
      if (known) atEnd.push(() => known.browser.close())
      const context = await browser.newContext({ ...contextOptions, baseURL })
      const page = await context.newPage()
      watch.follow(page)
      await signIn(page, who)
      const session = { browser: context, saved: await context.storageState(), at: performance.now() }
      await page.close()
      sessions.set(who, session)
      return session
    }
    const open: Open = async (who, options) => {
      const session = who === null ? undefined : await sessionOf(who)
      // A browser that has the scripts already: to start one and to read them anew is most of what a page costs.
      if (session && !options) {
        if (!following.has(session.browser)) follow(session.browser)
        following.add(session.browser)
        return inTab(session.browser)
      }
      const context = await browser.newContext({
        ...contextOptions,
        baseURL,
        storageState: session?.saved,
        ...options,
      })
      atEnd.push(() => context.close())
      follow(context)
      return context.newPage()
    }
    await use(open)
    for (const end of atEnd.reverse()) await end()
  },
  measured: async ({}, use, info) => {
    await use((what, value) => {
      info.annotations.push({ type: 'measured', description: `${what}: ${value}` })
      console.log(`Measured: ${what}: ${value}`)
    })
  },
})

export { expect } from '@playwright/test'

/** Signs in by name, as in the demo, and ends on the home page. */
export async function signIn(page: Page, who: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByRole('button', { name: seeded(who).name }).click()
  await page.waitForURL((url) => url.pathname === '/')
}

/** "Ana Oliveira" of "ana". */
export const nameOf = (who: string): string => seeded(who).name
/** "Ana" of "ana". */
export const firstNameOf = (who: string): string => nameOf(who).split(' ')[0] ?? ''
