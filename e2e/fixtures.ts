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
  sessions: Map<string, { saved: Saved; at: number }>
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
  sessions: [async ({}, use) => use(new Map()), { scope: 'worker' }],
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
    const opened: BrowserContext[] = []
    const open: Open = async (who, options = {}) => {
      if (who && performance.now() - (sessions.get(who)?.at ?? Number.NEGATIVE_INFINITY) > FRESH_MS) {
        const context = await browser.newContext({ ...contextOptions, baseURL })
        const page = await context.newPage()
        watch.follow(page)
        await signIn(page, who)
        sessions.set(who, { saved: await context.storageState(), at: performance.now() })
        await context.close()
      }
      const storageState = who ? sessions.get(who)?.saved : undefined
      const context = await browser.newContext({ ...contextOptions, baseURL, storageState, ...options })
      opened.push(context)
      context.on('page', (page) => watch.follow(page))
      return context.newPage()
    }
    await use(open)
    await Promise.all(opened.map((context) => context.close()))
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
