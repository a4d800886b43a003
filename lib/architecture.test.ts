import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importsOf, readSources, type Source, violations } from './testing/architecture'

const sources = readSources(join(import.meta.dirname, '..'))

describe('the house', () => {
  it('has no forbidden arrow and no clock of its own', () => {
    expect(violations(sources)).toEqual([])
  })

  it('was walked: every room is there, and its imports were read', () => {
    const rooms = new Set(sources.map(({ path }) => path.split('/').slice(0, 2).join('/')))
    for (const room of [
      'lib/domain',
      'lib/services',
      'lib/queries',
      'lib/engine',
      'lib/connectors',
      'db/client.ts',
    ])
      expect(rooms).toContain(room)
    const apply = sources.find(({ path }) => path === 'lib/services/apply.ts')!
    expect(importsOf(apply).map((entry) => entry.from)).toEqual(
      expect.arrayContaining(['server-only', 'drizzle-orm', 'db/client', 'lib/clock', 'lib/services/save']),
    )
  })
})

describe('the walk finds', () => {
  const file = (path: string, text: string): Source => ({ path, text })
  const server = "import 'server-only'\n"
  const clock = file('lib/clock.ts', `${server}export const processNow = () => new Date()`)
  const cases: [string, Source[], string[]][] = [
    [
      'a page at the database',
      [file('app/page.tsx', "import { schema } from '@/db/client'")],
      [
        'app/page.tsx imports db/client: only lib knows the database; ask lib/queries, lib/services or lib/engine',
      ],
    ],
    [
      'a type of a row in a component, over several lines',
      [file('components/row.tsx', "import type {\n  GrantRow,\n} from '../db/schema/leases'")],
      [
        'components/row.tsx imports db/schema/leases: only lib knows the database; ask lib/queries, lib/services or lib/engine',
      ],
    ],
    [
      'the query builder in a job',
      [file('inngest/functions/sweep.ts', "import { sql } from 'drizzle-orm/sql'")],
      [
        'inngest/functions/sweep.ts imports drizzle-orm/sql: only lib knows the database; ask lib/queries, lib/services or lib/engine',
      ],
    ],
    [
      'the domain at anything else, however it is written',
      [
        file('lib/domain/grant.ts', "export { env } from '../env'"),
        file('lib/domain/policy.ts', "const zod = await import('zod')"),
        file('lib/domain/work.ts', "import 'node:fs'"),
      ],
      [
        'lib/domain/grant.ts imports lib/env: the domain is pure and imports nothing but itself',
        'lib/domain/policy.ts imports zod: the domain is pure and imports nothing but itself',
        'lib/domain/work.ts imports node:fs: the domain is pure and imports nothing but itself',
      ],
    ],
    [
      'the model at more than the machines, and the product at the model',
      [
        file('lib/model/step.ts', "import { arm } from '../services/save'"),
        file('lib/services/save.ts', `${server}import { arm } from '@/lib/model/step'`),
      ],
      [
        'lib/model/step.ts imports lib/services/save: the model is pure and knows the machines, nothing else',
        'lib/services/save.ts imports lib/model/step: the model is there for tests',
      ],
    ],
    [
      'a connector at our record',
      [file('lib/connectors/ldap/client.ts', "import { apply } from '../../services/apply'")],
      [
        'lib/connectors/ldap/client.ts imports lib/services/apply: a connector knows its target, and nothing of our record',
      ],
    ],
    [
      'a service that calls a target past the gate, and a handler that mails past it',
      [
        file('lib/services/x.ts', `${server}import { callConnector } from '@/lib/connectors/call'`),
        file('lib/engine/handlers/y.ts', `${server}import { deliver } from '../../mail/transport'`),
        file('lib/audit/z.ts', "import { createEgress } from '@/lib/egress'"),
        file('lib/engine/hint.ts', `${server}import { inngest } from '@/inngest/client'`),
        file('lib/sign-up.ts', "import { Resend } from 'resend'"),
      ],
      [
        'lib/services/x.ts imports lib/connectors/call: whatever leaves goes through lib/services/outside.ts, where quarantine holds it',
        'lib/engine/handlers/y.ts imports lib/mail/transport: whatever leaves goes through lib/services/outside.ts, where quarantine holds it',
        'lib/audit/z.ts imports lib/egress: whatever leaves goes through lib/services/outside.ts, where quarantine holds it',
        'lib/engine/hint.ts imports inngest/client: whatever leaves goes through lib/services/outside.ts, where quarantine holds it',
        'lib/sign-up.ts imports resend: mails leave through lib/mail/transport.ts alone',
      ],
    ],
    [
      'a service at the screens',
      [file('lib/services/x.ts', `${server}import { Badge } from '@/components/ui/badge'`)],
      ['lib/services/x.ts imports components/ui/badge: arrows point from the screens inward, never back'],
    ],
    [
      'a table that knows a service',
      [file('db/schema/leases.ts', "import { env } from '../../lib/env'")],
      [
        'db/schema/leases.ts imports lib/env: tables know the domain’s lists of states and nothing else of lib',
      ],
    ],
    [
      'a page at an unscoped read',
      [file('app/page.tsx', "import { unsafeAllGrants } from '@/lib/queries/grants'")],
      [
        'app/page.tsx imports lib/queries/grants: a read that is not scoped by its actor is for services only',
      ],
    ],
    [
      'a service that could reach a browser',
      [file('lib/services/grants.ts', "import { z } from 'zod'\nimport 'server-only'")],
      [
        "lib/services/grants.ts does not begin with import 'server-only': nothing would keep it out of a browser",
      ],
    ],
    [
      'a client component that reaches the clock over two files',
      [
        file('components/a.tsx', "'use client'\nimport { b } from './b'"),
        file('components/b.ts', "import { processNow } from '@/lib/clock'"),
        clock,
      ],
      [
        'components/a.tsx → components/b.ts → lib/clock.ts is server-only: this would reach a browser',
        'components/b.ts → lib/clock.ts is server-only: this would reach a browser',
      ],
    ],
    [
      'clocks and chance of one’s own',
      [
        file('lib/a.ts', 'const at = new Date( )'),
        file('lib/b.ts', 'const at = Date.now()'),
        file('components/c.tsx', 'const n = Math.random()'),
        file('app/d.ts', 'const id = crypto.randomUUID()'),
        // The template is put together so that this file does not hold what it looks for.
        file(
          'lib/queries/e.ts',
          `${server}const q = sql<Row>\`select * from work where due_at <= ${'now'}()\``,
        ),
      ],
      [
        'lib/a.ts reads the clock with new Date(): time and ids come in through the context',
        'lib/b.ts reads the clock with Date.now(): time and ids come in through the context',
        'components/c.tsx takes chance from Math.random(): time and ids come in through the context',
        'app/d.ts makes an id with randomUUID(): time and ids come in through the context',
        'lib/queries/e.ts reads the database’s clock in SQL with now(): time and ids come in through the context',
      ],
    ],
    [
      'an action without a name',
      [file('app/page.tsx', "export default function Page() {\n  async function act() { 'use server' }\n}")],
      ['app/page.tsx has a server action without a name of its own: actions are exports of an actions file'],
    ],
  ]
  it.each(cases)('%s', (_name, files, expected) => {
    expect(violations(files)).toEqual(expected)
  })

  it('nothing wrong in what is allowed', () => {
    expect(
      violations([
        clock,
        file('lib/domain/grant.ts', "import { plus } from './duration'"),
        file('lib/domain/grant.test.ts', "import fc from 'fast-check'\nconst now = new Date()"),
        file('lib/connectors/testing/target.ts', "import { schema } from '@/db/client'\nrandomUUID()"),
        file('lib/services/x.ts', `${server}import { unsafeAll } from '@/lib/queries/all'`),
        file(
          'lib/queries/all.ts',
          `/** Reads everything. */\n${server}// new Date() is not read here\nconst at = new Date(0)`,
        ),
        file('app/page.tsx', "import { listGrants } from '@/lib/queries/all'"),
        file('app/actions.ts', "'use server'\nimport { act } from '@/lib/services/x'"),
        file('components/form.tsx', "'use client'\nimport { act } from '@/app/actions'\nperformance.now()"),
        file('components/list.tsx', "import { type Row, type Page } from '@/lib/queries/all'"),
        file('components/badge.tsx', "import type { Row } from '@/lib/queries/all'"),
      ]),
    ).toEqual([])
  })
})
