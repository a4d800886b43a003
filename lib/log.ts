import 'server-only'
import pino from 'pino'
import { newId } from './ids'
import { logLevel } from './log-level'

/** The process's log: one JSON line per event on standard output, secrets redacted by path. */
export const log = pino({
  level: logLevel(process.env.LOG_LEVEL),
  redact: { paths: ['*.password', '*.secret', '*.token', '*.authorization', '*.cookie'], censor: '…' },
})

/** Logs an unknown error with a new id and gives the id, which is all that a person is shown of it. */
export function logUnknown(error: unknown, doing: string): string {
  const errorId = newId()
  log.error({ err: error, errorId, doing }, 'unexpected error')
  return errorId
}
