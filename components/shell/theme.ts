/** Name of the cookie the root layout reads, so that the first byte already has the right colours. */
export const THEME_COOKIE = 'theme'

export type Theme = 'light' | 'dark' | 'system'

/** Anything unknown is the system's choice. */
export function readTheme(value: string | undefined): Theme {
  return value === 'light' || value === 'dark' ? value : 'system'
}
