// The world the browser stories run in, started by playwright.config.ts: a PostgreSQL of its own with fresh
// databases, the seeded organisation, an identity provider, a mail server, and the production build.
import { mkdirSync, writeFileSync } from 'node:fs'
import postgres from 'postgres'
import { appUrl, mailsUrl, oidcUrl, ports, worldFile } from './e2e/addresses.mjs'
import { startIdentityProvider } from './e2e/identity-provider.mjs'
import { startMailCapture } from './e2e/mail-capture.mjs'
import { ensureBuilt } from './lib/build.mjs'
import { Closers } from './lib/closers.mjs'
import { newSecrets, onlyThese } from './lib/demo-settings.mjs'
import { isFree } from './lib/ports.mjs'
import { prepareDatabases } from './lib/prepare.mjs'
import { inRoot, root } from './lib/root.mjs'
import { serveBuild } from './lib/serve.mjs'
import { command, Stop } from './lib/stop.mjs'

const say = (line) => console.log(line)
const closers = new Closers().onSignals()
const client = { clientId: 'leasehold', clientSecret: 'only-for-the-browser-stories' }

await command(async () => {
  process.chdir(root)
  mkdirSync(inRoot('.data'), { recursive: true })
  for (const port of Object.values(ports)) {
    if (!(await isFree(port)))
      throw new Stop(`Port ${port} is taken: set E2E_PORT to the first of four free ones.`)
  }
  const settings = onlyThese({
    ...newSecrets(),
    LEASEHOLD_MODE: 'test',
    APP_URL: appUrl,
    EGRESS_ALLOW: 'loopback',
    LOG_LEVEL: 'info',
    MAIL_FROM: 'Leasehold <leasehold@halden.example>',
    SMTP_URL: `smtp://127.0.0.1:${ports.smtp}`,
    OIDC_ISSUER: oidcUrl,
    OIDC_CLIENT_ID: client.clientId,
    OIDC_CLIENT_SECRET: client.clientSecret,
    OIDC_NAME: 'Halden ID',
    OIDC_GROUPS_CLAIM: 'groups',
  })
  try {
    closers.add(await startMailCapture({ smtpPort: ports.smtp, httpPort: ports.mails }))
    const redirect = `${appUrl}/api/auth/callback/oidc`
    closers.add(await startIdentityProvider({ url: oidcUrl, port: ports.oidc, redirect, ...client }))
    const databases = await prepareDatabases({
      dir: '.data/e2e-postgres',
      // The mails of the seeded weeks stay in the outbox: the stories get to see their own alone.
      settings: { ...settings, SMTP_URL: '' },
      reset: true,
      log: say,
      closers,
    })
    const spareUrl = await copyDatabase(databases, 'leasehold_spare')
    await ensureBuilt({ log: say, closers })
    writeFileSync(
      worldFile,
      JSON.stringify({
        appUrl,
        databaseUrl: databases.url,
        warehouseUrl: databases.warehouseUrl,
        // As it was seeded, for the servers that a story starts and stops itself.
        spareUrl,
        // Of every person's login role in the warehouse, such as ana_oliveira.
        warehousePassword: settings.WAREHOUSE_PASSWORD,
        mailsUrl,
        oidcUrl,
        cronSecret: settings.CRON_SECRET,
        settings,
      }),
      { mode: 0o600 },
    )
    const app = await serveBuild({
      port: ports.app,
      env: { ...settings, DATABASE_URL: databases.url },
      logFile: inRoot('.data/e2e.log'),
      closers,
    })
    const code = await app.exited
    throw new Stop(`Leasehold ended by itself (${code ?? 'killed'}); its log is .data/e2e.log.`)
  } catch (error) {
    await closers.failed(error)
  }
})

/** A second database with the same content, on the same server; nobody may be connected to the first. */
async function copyDatabase({ url, warehouseUrl }, name) {
  const sql = postgres(warehouseUrl, { max: 1, onnotice: () => {} })
  const copy = new URL(url)
  const original = decodeURIComponent(copy.pathname.slice(1))
  copy.pathname = `/${name}`
  try {
    await sql`drop database if exists ${sql(name)} with (force)`
    await sql`create database ${sql(name)} template ${sql(original)}`
  } finally {
    await sql.end({ timeout: 5 })
  }
  return copy.href
}
