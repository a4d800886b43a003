import { TZDate } from '@date-fns/tz'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** A day in a narrow column, in the reader's zone: "21 Oct", with the year when it is another one. */
export function shortDay(at: Date, zone: string, now: Date): string {
  const there = new TZDate(at.getTime(), zone)
  const year = there.getFullYear()
  const other = year !== new TZDate(now.getTime(), zone).getFullYear()
  return `${there.getDate()} ${MONTHS[there.getMonth()]}${other ? ` ${year}` : ''}`
}
