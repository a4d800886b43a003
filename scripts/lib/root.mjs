import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The checkout's folder; every command works from there, wherever it was called. Asked of the module's address,
 * which a Node.js that is too old for us knows as well: it must get as far as being told so.
 */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

/** A path inside the checkout. */
export const inRoot = (...parts) => path.join(root, ...parts)
