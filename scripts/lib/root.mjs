import path from 'node:path'

/** The checkout's folder; every command works from there, wherever it was called. */
export const root = path.resolve(import.meta.dirname, '../..')

/** A path inside the checkout. */
export const inRoot = (...parts) => path.join(root, ...parts)
