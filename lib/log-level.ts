const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']

/**
 * The level that a setting asks for. The log is there before the settings are judged, so a wrong one is `info` here
 * and told as a sentence by `env()`.
 */
export function logLevel(setting: string | undefined): string {
  const level = setting?.trim()
  return level && LEVELS.includes(level) ? level : 'info'
}
