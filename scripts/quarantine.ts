// `npm run quarantine`: says whether this database is in quarantine, and what it is known by. `-- --begin "<why>"` puts it
// there, after a restore that no stamp can tell. It is ended on its page alone, by an admin.
import { parseArgs } from 'node:util'
import { adminCommand } from './lib/admin-command.mjs'
import { command, Stop } from './lib/stop.mjs'

const asked = read()
if (typeof asked === 'string') await command(() => Promise.reject(new Stop(asked)))
else await adminCommand('Nothing was changed', () => run(asked.begin))

function read() {
  try {
    return parseArgs({ options: { begin: { type: 'string' } } }).values
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

async function run(why: string | undefined): Promise<string> {
  const reason = why?.trim()
  if (why !== undefined && !reason)
    throw new Stop('Say why: npm run quarantine -- --begin "restored the snapshot of 12:00"')
  const { database } = await import('@/db/client')
  const { beginByHand, standing } = await import('@/lib/services/quarantine')
  const { EnvError } = await import('@/lib/env')
  try {
    const { db } = database()
    const began = reason ? await beginByHand(db, reason) : null
    const { open, strange, known, stamp } = await standing(db)
    const page = `${process.env.APP_URL ?? ''}/settings/quarantine`
    const words = [
      open
        ? `In quarantine since ${open.beganAt.toISOString()}${began === false ? ' already' : ''}: ${open.why.join(' ')}\nNothing leaves until an admin confirms at ${page}.`
        : strange.length > 0
          ? `Not started since it was restored; the next start puts it into quarantine: ${strange.join(' ')}`
          : 'Not in quarantine.',
      known
        ? `Known as installation ${known.id}.`
        : 'It was never started: the first start writes down what it is known by.',
      `This database: system identifier ${stamp.systemIdentifier ?? 'not to be read here'}, number ${stamp.databaseOid}, timeline ${stamp.timeline ?? 'not looked at, or not to be read here'}.`,
    ]
    return words.join('\n')
  } catch (error) {
    throw error instanceof EnvError ? new Stop(error.message) : error
  } finally {
    await database().close()
  }
}
