import { inRoot } from '../lib/root.mjs'

const base = Number(process.env.E2E_PORT ?? 3107)

/** Where everything the browser stories talk to listens; `E2E_PORT` moves it all. */
export const ports = { app: base, oidc: base + 1, smtp: base + 2, mails: base + 3 }

export const appUrl = `http://localhost:${ports.app}`
export const oidcUrl = `http://127.0.0.1:${ports.oidc}`
export const mailsUrl = `http://127.0.0.1:${ports.mails}`

/** Written by the server, read by the stories. */
export const worldFile = inRoot('.data/e2e.json')
