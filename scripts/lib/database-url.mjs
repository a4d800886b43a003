import { Stop } from './stop.mjs'

/**
 * The address of a PostgreSQL database, checked before anything tries to use it.
 * @param {string | undefined} url
 * @param {string} name of the setting it comes from
 * @throws {Stop} when it is missing or is no such address; the sentence does not repeat it, as it holds a password
 */
export function databaseUrl(url, name = 'DATABASE_URL') {
  const given = url?.trim()
  if (!given) throw new Stop(`${name} is not set: give the address of a PostgreSQL database.`)
  if (URL.canParse(given) && /^postgres(ql)?:$/.test(new URL(given).protocol)) return given
  throw new Stop(`${name} must look like postgres://user:password@host:5432/database.`)
}

/**
 * The same for a setting that need not be there.
 * @returns {string | undefined} undefined when it is missing or empty
 */
export function databaseUrlIfGiven(url, name) {
  return url?.trim() ? databaseUrl(url, name) : undefined
}

/**
 * One sentence on what is wrong between us and a database.
 * @param {string} url
 * @param {unknown} error what the driver or the query builder threw
 * @param {string} what did not work
 */
export function databaseTrouble(url, error, what) {
  const cause = error.cause ?? error
  const { hostname, port } = new URL(url)
  if (/^E[A-Z]+$|^CONNECT_TIMEOUT$/.test(cause.code ?? '')) {
    return `PostgreSQL at ${hostname}:${port || 5432} cannot be reached (${cause.code}).`
  }
  if (cause.code === '42P01') return `${what}: the database was not migrated yet.`
  return `${what}: ${cause.message || cause.code || cause}.`
}
