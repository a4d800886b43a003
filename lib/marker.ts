/** The marker outside the database: one line, `<installation> <moment>`, in the file that QUARANTINE_MARKER_FILE names. */
import 'server-only'
import { open, readFile, rename } from 'node:fs/promises'
import type { Marker } from './domain/quarantine'
import { isUuid } from './ids'

/** A marker that is there and cannot be read: no reason to go on as if there were none. */
export class MarkerError extends Error {}

/**
 * What the marker says; null where there is none yet.
 * @throws {MarkerError} when the file is there and is not a marker, or cannot be read
 */
export async function readMarker(path: string): Promise<Marker | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new MarkerError(
      `The file that QUARANTINE_MARKER_FILE names cannot be read: ${(error as Error).message}`,
    )
  }
  const [id = '', moment = '', ...more] = text.trim().split(' ')
  const at = Date.parse(moment)
  if (!isUuid(id) || Number.isNaN(at) || more.length > 0)
    throw new MarkerError(
      'The file that QUARANTINE_MARKER_FILE names is not a marker. If it is another file, set another name.',
    )
  return { id, at: new Date(at) }
}

/** Writes the marker whole or not at all; it is on the disk when this returns. */
export async function writeMarker(path: string, { id, at }: Marker): Promise<void> {
  const half = `${path}.new`
  const file = await open(half, 'w', 0o640)
  try {
    await file.writeFile(`${id} ${at.toISOString()}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(half, path)
}
