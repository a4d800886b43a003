/** Reads CSV as RFC 4180 and spreadsheets write it. Pure. */

/** One line of a file: its number there (a quoted cell may go over several), and its cells. */
export interface CsvLine {
  readonly line: number
  readonly cells: readonly string[]
}

/** All lines that hold anything; or the line at which it is no CSV, and why. */
export type CsvFile =
  | { readonly ok: true; readonly lines: readonly CsvLine[] }
  | { readonly ok: false; readonly line: number; readonly message: string }

const separators = [',', ';', '\t'] as const

/** Whichever of comma, semicolon and tab stands most often in the first line. */
function separatorOf(text: string): string {
  const first = /^[^\r\n]*/.exec(text)?.[0] ?? ''
  const counted = separators.map((sign) => [first.split(sign).length, sign] as const)
  return counted.toSorted((a, b) => b[0] - a[0])[0]?.[1] ?? ','
}

/**
 * Reads a whole file, with its head as the first line. Cells are as they stand there, without the quotes around them;
 * a mark of the byte order and empty lines are left out.
 */
export function readCsv(source: string): CsvFile {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source
  const separator = separatorOf(text)
  const lines: CsvLine[] = []
  let cells: string[] = []
  let line = 1
  let startsAt = 1
  let at = 0
  const end = () => {
    if (cells.some((cell) => cell.trim() !== '')) lines.push({ line: startsAt, cells })
    cells = []
    startsAt = line
  }
  while (at < text.length) {
    let cell = ''
    if (text[at] === '"') {
      const opened = line
      at++
      for (;;) {
        const close = text.indexOf('"', at)
        if (close < 0)
          return { ok: false, line: opened, message: 'a quotation mark is opened and never closed' }
        const piece = text.slice(at, close)
        cell += piece
        line += piece.split('\n').length - 1
        at = close + 1
        if (text[at] !== '"') break
        cell += '"'
        at++
      }
      if (at < text.length && text[at] !== separator && text[at] !== '\r' && text[at] !== '\n')
        return { ok: false, line, message: 'something stands after a closing quotation mark' }
    } else {
      const from = at
      while (at < text.length && text[at] !== separator && text[at] !== '\r' && text[at] !== '\n') at++
      cell = text.slice(from, at)
    }
    cells.push(cell)
    if (text[at] === separator) {
      at++
      // A separator at the very end opens one more, empty cell.
      if (at === text.length) cells.push('')
      continue
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at++
    if (at < text.length) {
      at++
      line++
    }
    end()
  }
  if (cells.length > 0) end()
  return { ok: true, lines }
}
