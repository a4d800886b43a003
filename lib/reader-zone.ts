/**
 * How one reader reads times: the IANA name of their zone and, where they chose one, a locale (BCP 47) that says in
 * which order a date stands and whether a day has twice twelve hours. Both travel as one text, "Europe/Berlin" or
 * "America/New_York;en-US", so that whatever writes a time for somebody needs no second parameter. Pure.
 */

/** The order of a date, and the hours on the clock. */
export interface WritingStyle {
  readonly order: 'day-first' | 'month-first' | 'year-first'
  readonly twelve: boolean
}

const plain: WritingStyle = { order: 'day-first', twelve: false }

/** A zone and a locale, null for none, as one text. */
export function readerZone(zone: string, locale: string | null): string {
  return locale ? `${zone};${locale}` : zone
}

/** The IANA name alone. */
export function zoneOf(zone: string): string {
  const end = zone.indexOf(';')
  return end < 0 ? zone : zone.slice(0, end)
}

const styles = new Map<string, WritingStyle>()

/** How dates and times are written for this reader: day first and 24 hours where they chose nothing. */
export function styleOf(zone: string): WritingStyle {
  const end = zone.indexOf(';')
  return end < 0 ? plain : styleOfLocale(zone.slice(end + 1))
}

function styleOfLocale(locale: string): WritingStyle {
  let found = styles.get(locale)
  if (!found) {
    found = isLocale(locale) ? readStyle(locale) : plain
    styles.set(locale, found)
  }
  return found
}

function readStyle(locale: string): WritingStyle {
  const format = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    // Whatever calendar and digits a locale has: the order is asked for, nothing is written with it.
    calendar: 'gregory',
    numberingSystem: 'latn',
    timeZone: 'UTC',
  })
  const parts = format.formatToParts(0).map((part) => part.type)
  const first = parts.find((type) => type === 'day' || type === 'month' || type === 'year')
  const order = first === 'year' ? 'year-first' : first === 'month' ? 'month-first' : 'day-first'
  return { order, twelve: format.resolvedOptions().hour12 === true }
}

/** Whether a text is a locale this runtime can read: "de-DE", "en-US". */
export function isLocale(locale: string): boolean {
  if (locale.length > 35) return false
  try {
    return Intl.getCanonicalLocales(locale).length === 1
  } catch {
    return false
  }
}

/** Whether a zone's name is known here; a reader's locale beside it plays no part. */
export function isZone(zone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zoneOf(zone) }))
  } catch {
    return false
  }
}

/** The locales that forms offer. Others may come from an identity provider or a file. */
export const offeredLocales = [
  { value: 'en-GB', label: 'English (United Kingdom)' },
  { value: 'en-US', label: 'English (United States)' },
  { value: 'en-AU', label: 'English (Australia)' },
  { value: 'en-CA', label: 'English (Canada)' },
  { value: 'en-IN', label: 'English (India)' },
  { value: 'de-DE', label: 'German (Germany)' },
  { value: 'es-ES', label: 'Spanish (Spain)' },
  { value: 'fr-FR', label: 'French (France)' },
  { value: 'ja-JP', label: 'Japanese (Japan)' },
  { value: 'nl-NL', label: 'Dutch (Netherlands)' },
  { value: 'pl-PL', label: 'Polish (Poland)' },
  { value: 'pt-BR', label: 'Portuguese (Brazil)' },
  { value: 'sv-SE', label: 'Swedish (Sweden)' },
] as const
