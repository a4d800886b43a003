import { runTypeScript } from '../scripts/lib/child.mjs'
import { readWorld } from './support/world'

/**
 * After the last story: everything that they left on record, and that a server left which was killed in one, is held
 * against the invariants, as on any living database.
 */
export default async function ledgerHolds(): Promise<void> {
  const { databaseUrl, spareUrl } = readWorld()
  for (const url of [databaseUrl, spareUrl]) {
    const { code, output } = await runTypeScript('scripts/ledger-check.ts', [], {
      env: { DATABASE_URL: url },
    })
    console.log(output)
    if (code !== 0) throw new Error('After the stories the ledger does not hold; see above.')
  }
}
