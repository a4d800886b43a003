import { readFileSync } from 'node:fs'
import { worldFile } from '../../scripts/e2e/addresses.mjs'

/** Where the world of the stories is, as `scripts/e2e-server.mjs` wrote it down. */
export interface World {
  readonly appUrl: string
  readonly databaseUrl: string
  readonly warehouseUrl: string
  /** A second database as it was right after seeding, for servers that a story starts itself. */
  readonly spareUrl: string
  /** Of every person's login role in the warehouse. */
  readonly warehousePassword: string
  readonly mailsUrl: string
  readonly cronSecret: string
  /** What the server was started with, secrets included. */
  readonly settings: Readonly<Record<string, string>>
}

export function readWorld(): World {
  return JSON.parse(readFileSync(worldFile, 'utf8'))
}
