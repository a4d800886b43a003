/** The page of a list from a URL, from 1; whatever is not one is the first. */
export function pageNumber(value: string | string[] | undefined): number {
  return typeof value === 'string' && /^[1-9]\d{0,3}$/.test(value) ? Number(value) : 1
}
