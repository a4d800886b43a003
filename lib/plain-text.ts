/** The same text without NUL characters: PostgreSQL's text and JSON hold none, and nobody types one. */
export function withoutNul(text: string): string {
  return text.replaceAll('\0', '')
}
