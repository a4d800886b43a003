import { stringify } from 'csv-stringify/sync'
import type { GrantExportFormat } from './grant-url'

/**
 * Lines of an export. A CSV cell that a spreadsheet would take for a formula gets an apostrophe in front, so
 * that opening the file runs nothing; JSON Lines carries the text as it is.
 */
export function exportText(
  format: GrantExportFormat,
  columns: readonly string[],
  rows: readonly Record<string, string | number | boolean | null>[],
  header = false,
): string {
  if (format === 'jsonl') return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
  return stringify([...rows], {
    columns: [...columns],
    header,
    escape_formulas: true,
    // A line end alone is no record’s end to us, and is one to most readers.
    quoted_match: /[\r\n]/,
    record_delimiter: '\r\n',
    cast: { boolean: (value) => (value ? 'true' : 'false') },
  })
}
