import { describe, expect, it } from 'vitest'
import { readCsv } from './csv-reader'
import { exportText } from './grant-csv'

const cells = (text: string) => {
  const file = readCsv(text)
  return file.ok ? file.lines.map((l) => l.cells) : file
}

describe('reading CSV', () => {
  it.each<[string, string, unknown]>([
    [
      'plain lines',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'another line end, and none at the end',
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a mark of the byte order', '\uFEFFa,b', [['a', 'b']]],
    [
      'semicolons',
      'a;b\n"x;y";2',
      [
        ['a', 'b'],
        ['x;y', '2'],
      ],
    ],
    [
      'tabs',
      'a\tb\n1\t',
      [
        ['a', 'b'],
        ['1', ''],
      ],
    ],
    ['quotes in quotes', '"say ""hi""",2', [['say "hi"', '2']]],
    ['a quote inside a plain cell', 'O"Neil,2', [['O"Neil', '2']]],
    ['empty cells', ',,\na,,c', [['a', '', 'c']]],
    ['nothing', '', []],
  ])('%s', (_, text, expected) => expect(cells(text)).toEqual(expected))

  it('counts lines as an editor does, also across a quoted cell and empty lines', () => {
    const file = readCsv('head\n\n"two\nlines"\nlast')
    expect(file.ok && file.lines.map((l) => l.line)).toEqual([1, 3, 5])
  })

  it.each([
    ['a\n"never closed\nb', 2, 'a quotation mark is opened and never closed'],
    ['a\n"x"y', 2, 'something stands after a closing quotation mark'],
  ])('says at which line it is none: %j', (text, line, message) => {
    expect(readCsv(text)).toEqual({ ok: false, line, message })
  })

  it('reads what our own exports write', () => {
    const row = { name: 'O"Neil, Ana\nMaria', note: 'x;y' }
    expect(cells(exportText('csv', ['name', 'note'], [row], true))).toEqual([
      ['name', 'note'],
      Object.values(row),
    ])
  })

  it('takes its time by the length of a file and no more', () => {
    const started = performance.now()
    expect(cells(`a\n"${'x""'.repeat(300_000)}"`)).toHaveLength(2)
    expect(readCsv(`a\n${'"'.repeat(999_999)}`).ok).toBe(false)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})
