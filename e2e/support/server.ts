import { randomUUID } from 'node:crypto'
import { runTypeScript } from '../../scripts/lib/child.mjs'
import { Closers } from '../../scripts/lib/closers.mjs'
import { loopbackPort } from '../../scripts/lib/ports.mjs'
import { inRoot } from '../../scripts/lib/root.mjs'
import { serveBuild } from '../../scripts/lib/serve.mjs'
import { emailOf } from '../../scripts/seed/people.mjs'
import type { World } from './world'

/** A server of a story's own, on the same build and a database of its own. */
export interface OwnServer {
  readonly url: string
  /** Its exit code; null when a signal killed it. */
  readonly exited: Promise<number | null>
  stop(): Promise<void>
}

/** Any port that is free now. */
export const freePort = (): Promise<number> => loopbackPort(0)

/** Starts the production build on the spare database and waits until it is ready. */
export async function startServer(
  world: World,
  port: number,
  settings: Record<string, string>,
): Promise<OwnServer> {
  const closers = new Closers()
  const { url, exited } = await serveBuild({
    port,
    env: {
      ...world.settings,
      OIDC_ISSUER: '',
      OIDC_CLIENT_ID: '',
      OIDC_CLIENT_SECRET: '',
      APP_URL: `http://localhost:${port}`,
      DATABASE_URL: world.spareUrl,
      ...settings,
    },
    logFile: inRoot(`.data/e2e-${randomUUID().slice(0, 8)}.log`),
    closers,
  })
  return { url, exited, stop: () => closers.close() }
}

/** Deactivates a seeded person: what leaving the organisation comes down to. */
export async function deactivate(world: World, who: string): Promise<void> {
  const env = { ...world.settings, DATABASE_URL: world.databaseUrl, LOG_LEVEL: 'fatal' }
  const people = [emailOf('ines'), emailOf(who)]
  const { code, output } = await runTypeScript('e2e/support/deactivate.ts', people, { env })
  if (code !== 0) throw new Error(output)
}
