import { existsSync } from 'node:fs'
import { databaseTrouble, databaseUrl } from './database-url.mjs'
import { command, Stop } from './stop.mjs'

/**
 * Runs a command that works on the database at DATABASE_URL, in a checkout (with its `.env`, which overrides nothing
 * that is set) or in the container. Whatever goes wrong with the database is told in one sentence.
 * @param {string} what did not work, for that sentence
 * @param {(url: string) => Promise<string>} run loads what it needs itself, after the settings are there; what it
 *   returns is said
 */
export async function adminCommand(what, run) {
  await command(async () => {
    loadSettings()
    const url = databaseUrl(process.env.DATABASE_URL)
    try {
      console.log(await run(url))
    } catch (error) {
      throw error instanceof Stop || !isOfDatabase(error)
        ? error
        : new Stop(databaseTrouble(url, error, what))
    }
  })
}

/**
 * The same for what needs the settings and no database.
 * @param {() => Promise<string>} run
 */
export async function settingsCommand(run) {
  await command(async () => {
    loadSettings()
    console.log(await run())
  })
}

function loadSettings() {
  for (const file of ['.env.local', '.env']) if (existsSync(file)) process.loadEnvFile(file)
}

/** Defects of ours keep their stack. */
function isOfDatabase(error) {
  const cause = error?.cause ?? error
  return typeof cause?.code === 'string' || cause?.name === 'PostgresError'
}
