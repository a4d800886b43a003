import { readdirSync, readFileSync } from 'node:fs'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

const OWN_PROCESS = /vi\.mock\(|Object\.assign\(process\.env|testing\/stage'/

/** What compares times wants the machine for itself: after all others. */
const measuring = ['lib/engine/poison.db.test.ts']

/** A thousand ends in one sweep: beside other tests it does half of them, and starts five hundred runs for the rest. */
const wiped = ['inngest/wiped.db.test.ts']

/** What brings servers and processes down is a process of its own. */
const chaos = ['lib/engine/chaos.db.test.ts']

/** Tests on PostgreSQL that need a process of their own: they put other modules in place, or have own settings. */
const apart = ['lib', 'inngest', 'db', 'emails', 'scripts'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .map((file) => `${room}/${file}`)
    .filter((file) => file.endsWith('.db.test.ts') && !wiped.includes(file))
    .filter((file) => OWN_PROCESS.test(readFileSync(file, 'utf8'))),
)

/** The model of a lease, searched to its end. */
const searching = ['lib/model/model.test.ts']

/** What takes longest is begun first, so that nothing waits for it at the end. */
const LONGEST = ['chance', 'crash', 'model', 'trouble', 'overdue', 'contract', 'access-reviews', 'races']

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const place = ({ moduleId }: TestSpecification) =>
      [...LONGEST, ''].findIndex((name) => moduleId.includes(name && `${name}.`))
    return [...new Set(sorted.map(({ project }) => project))].flatMap((one) =>
      sorted.filter(({ project }) => project === one).sort((a, b) => place(a) - place(b)),
    )
  }
}

const onPostgres = {
  globalSetup: ['db/testing.setup.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // It imports parts of Next.js by names that only a bundler finds.
  server: { deps: { inline: ['next-auth'] } },
}

export default defineConfig({
  resolve: {
    alias: {
      '@': import.meta.dirname,
      // Next resolves this marker itself; outside Next it is an empty module.
      'server-only': `${import.meta.dirname}/scripts/server-only.ts`,
    },
  },
  test: {
    sequence: { sequencer: LongestFirst },
    // What a process of this product is always given; nothing here leaves the machine.
    env: {
      LEASEHOLD_MODE: 'test',
      LOG_LEVEL: process.env.TEST_LOG ?? 'fatal',
      APP_URL: 'http://localhost:3999',
      DATABASE_URL: 'postgres://unused@127.0.0.1:1/unused',
      AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
      LEASEHOLD_SECRET_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
      EGRESS_ALLOW: 'loopback',
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // What these test has no state of its own, and loading it anew for every file took most of the time.
          isolate: false,
          include: ['{lib,emails,components,inngest,db,scripts}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts', '**/node_modules/**', ...searching],
        },
      },
      {
        extends: true,
        // It takes as long as all the others together, so that `npm run check` leaves it to `npm test`.
        test: { name: 'unit-model', include: searching },
      },
      {
        extends: true,
        test: {
          name: 'database',
          // Each file clones a database of its own, so that the process may be shared: see above.
          isolate: false,
          restoreMocks: true,
          include: ['{lib,inngest,db,emails,scripts}/**/*.db.test.ts'],
          exclude: [...apart, ...measuring, ...wiped, ...chaos],
          ...onPostgres,
        },
      },
      {
        extends: true,
        test: {
          name: 'database-apart',
          include: apart,
          ...onPostgres,
        },
      },
      {
        extends: true,
        test: {
          name: 'database-alone',
          include: measuring,
          sequence: { groupOrder: 2 },
          ...onPostgres,
        },
      },
      {
        extends: true,
        test: {
          name: 'database-wiped',
          include: wiped,
          sequence: { groupOrder: 1 },
          ...onPostgres,
        },
      },
      {
        extends: true,
        test: {
          name: 'database-chaos',
          include: chaos,
          ...onPostgres,
        },
      },
      {
        extends: true,
        test: {
          // What needs the production build, and no browser.
          name: 'served',
          include: ['e2e/served/*.test.ts'],
          globalSetup: ['db/testing.setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
