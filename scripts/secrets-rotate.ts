// `npm run secrets:rotate`: puts every sealed value under the first key of LEASEHOLD_SECRET_KEYS.
import { adminCommand } from './lib/admin-command.mjs'
import { Stop } from './lib/stop.mjs'

await adminCommand('The secrets were not rotated', async () => {
  const { parseSecretKeys, SecretError } = await import('@/lib/secrets')
  const { database } = await import('@/db/client')
  const { rotateSecrets } = await import('@/lib/services/rotate-secrets')
  const keys = readKeys()
  try {
    const { rotated, current, failed } = await rotateSecrets(database().db, keys)
    const done = `Rotated ${rotated}; ${current} were under the key "${keys.current}" already`
    if (failed.length === 0) return `${done}. The other keys can be taken out of the settings.`
    const list = failed.map(({ place, why }) => `  ${place}: ${why}`).join('\n')
    throw new Stop(`${done}, and ${failed.length} could not be opened. Keep all keys.\n${list}`)
  } finally {
    await database().close()
  }

  function readKeys() {
    const given = process.env.LEASEHOLD_SECRET_KEYS?.trim()
    if (!given) throw new Stop('LEASEHOLD_SECRET_KEYS is not set.')
    try {
      return parseSecretKeys(given)
    } catch (error) {
      throw error instanceof SecretError
        ? new Stop(`LEASEHOLD_SECRET_KEYS cannot be used: ${error.message}`)
        : error
    }
  }
})
