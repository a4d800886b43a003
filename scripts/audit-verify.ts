// `npm run audit:verify [-- --checkpoint <file>] [--keys <file>]`: holds the audit log against its chain and checkpoints.
// `-- --pack <file>` checks an evidence pack and `-- --print-keys` prints the public keys, both without a database.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { adminCommand, settingsCommand } from './lib/admin-command.mjs'
import { command, Stop } from './lib/stop.mjs'

const options = {
  checkpoint: { type: 'string' },
  keys: { type: 'string' },
  pack: { type: 'string' },
  'print-keys': { type: 'boolean' },
} as const

const asked = read()
if (typeof asked === 'string') await command(() => Promise.reject(new Stop(asked)))
else if (asked['print-keys'])
  await settingsCommand(async () => JSON.stringify({ keys: await ownKeys() }, null, 2))
else if (asked.pack) await settingsCommand(() => packVerified(String(asked.pack), asked.keys))
else await adminCommand('The audit log was not verified', () => logVerified(asked.checkpoint, asked.keys))

function read() {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function logVerified(checkpoint: string | undefined, keys: string | undefined): Promise<string> {
  const trusted = await trustedKeys(keys)
  const file = checkpoint ? { name: checkpoint, text: fileText(checkpoint) } : undefined
  const { database } = await import('@/db/client')
  const { verifyChain } = await import('@/lib/audit/verify')
  try {
    const { fault, ...stands } = await verifyChain(database().db, { trusted, ...(file && { file }) })
    if (fault) {
      const row = [fault.link && `link ${fault.link}`, fault.entry && `entry ${fault.entry}`].filter(Boolean)
      const first = row.length > 0 ? ` First bad row: ${row.join(', ')}.` : ''
      throw new Stop(`The audit log does not verify.${first}\n${fault.what}`)
    }
    const { links, erased, waiting, checkpoints, proven } = stands
    return [
      `The audit log verifies: ${links} links, ${erased} of them with an erased payload; ${waiting} entries wait to be sealed.`,
      proven
        ? `${checkpoints} checkpoints agree; the last covers link ${proven.link} and was signed ${proven.at}.`
        : 'There is no checkpoint to hold it against.',
      ...(file
        ? []
        : ['Only what the database itself keeps was asked: give a file of checkpoints with --checkpoint.']),
    ].join('\n')
  } finally {
    await database().close()
  }
}

async function packVerified(path: string, keys: string | undefined): Promise<string> {
  const { packProblems } = await import('@/lib/audit/pack')
  const pack = parsed(path)
  if (!Array.isArray(pack?.entries) || !Array.isArray(pack?.checkpoints))
    throw new Stop(`${path} is not an evidence pack.`)
  const problems = packProblems(pack, await trustedKeys(keys))
  if (problems.length > 0) throw new Stop(`The evidence does not verify.\n${problems.join('\n')}`)
  return `The evidence verifies: ${pack.entries.length} entries, each as it was sealed and in a signed checkpoint.`
}

/** Those of this install where its settings are there, and those that are given. */
async function trustedKeys(path: string | undefined) {
  const given = path ? await keysOf(path) : []
  return given.length > 0 && !process.env.LEASEHOLD_SECRET_KEYS?.trim()
    ? given
    : [...(await ownKeys()), ...given]
}

async function ownKeys() {
  const { parseSecretKeys, SecretError } = await import('@/lib/secrets')
  const { signingKeys } = await import('@/lib/audit/keys')
  const given = process.env.LEASEHOLD_SECRET_KEYS?.trim()
  if (!given) throw new Stop('LEASEHOLD_SECRET_KEYS is not set. Set it, or give the public keys with --keys.')
  try {
    return signingKeys(parseSecretKeys(given)).map((key) => key.jwk)
  } catch (error) {
    throw error instanceof SecretError
      ? new Stop(`LEASEHOLD_SECRET_KEYS cannot be used: ${error.message}`)
      : error
  }
}

async function keysOf(path: string) {
  const { withKid } = await import('@/lib/audit/keys')
  const keys: unknown = parsed(path)?.keys
  if (!Array.isArray(keys) || keys.some((key) => typeof key?.x !== 'string'))
    throw new Stop(`${path} is not what --print-keys writes.`)
  return keys.map((key: { x: string }) => withKid(key.x))
}

function parsed(path: string) {
  try {
    return JSON.parse(fileText(path))
  } catch (error) {
    throw error instanceof Stop ? error : new Stop(`${path} is not JSON.`)
  }
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new Stop(`${path} cannot be read.`)
  }
}
