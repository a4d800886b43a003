import { EqualityFilter, FilterParser } from 'ldapts'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { clean } from '@/emails'
import { escapeDnValue, firstValue, isDn } from './connectors/ldap/dn'
import { filterValue } from './connectors/scim/resources'
import { nameAsRead } from './domain/text'
import { exportText } from './grant-csv'
import { attachmentName } from './header-values'

/** What somebody could be called, or write as a reason, to mean more than a name to whatever reads it next. */
const hostile = [
  `'; drop table grant; --`,
  `"; drop role postgres; --`,
  `a" or userName pr or userName eq "`,
  `x") or (id pr`,
  `back\\slash\\`,
  `*)(uid=*))(|(uid=*`,
  `admin)(&)`,
  `cn=admin,dc=halden,dc=example`,
  ` edge, spaces+and=signs;<here>#too `,
  `#hash`,
  `Ana\r\nBcc: everybody@halden.example`,
  `Ana\nX-Injected: yes\n\n<b>body</b>`,
  `{"level":60,"msg":"the vault was opened"}`,
  `ok"}\n{"level":60,"msg":"forged"}`,
  `\u001b[2J\u001b[31mred`,
  `=HYPERLINK("https://elsewhere.example","open")`,
  `+1+1`,
  `-2+3`,
  `@SUM(A1:A9)`,
  `\t=1+1`,
  `\r=1+1`,
  `a,b;c"d`,
  `<script>alert(1)</script>`,
  `{{constructor.constructor('return 1')()}}`,
  `\${7*7}`,
  `../../etc/passwd`,
  `%0d%0aSet-Cookie: a=b`,
  `\u202egnp.exe`,
  `Ines\u200bAlbrecht`,
]

describe.each(hostile)('%j', (text) => {
  it('is one value of an LDAP name', () => {
    const dn = `cn=${escapeDnValue(text)},dc=halden,dc=example`
    expect(isDn(dn)).toBe(true)
    expect(firstValue(dn)).toBe(text)
    // The rest of the name is still the rest.
    expect(dn.endsWith(',dc=halden,dc=example')).toBe(true)
  })

  it('is one value of an LDAP filter', () => {
    const read = FilterParser.parseString(new EqualityFilter({ attribute: 'cn', value: text }).toString())
    expect(read).toBeInstanceOf(EqualityFilter)
    expect((read as EqualityFilter).value.toString()).toBe(text)
  })

  it('is one string of a SCIM filter', () => {
    const value = filterValue(text)
    expect(JSON.parse(value)).toBe(text)
    expect(/^"(?:[^"\\\n\r]|\\.)*"$/.test(value), 'nothing stands outside the quotes').toBe(true)
  })

  it('is one line of a mail’s header', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(clean(text)).not.toMatch(/[\x00-\x1f\x7f\u202a-\u202e\u200b]/)
  })

  it('is one line of the log, in one field', () => {
    let written = ''
    const log = pino({ base: null, timestamp: false }, {
      write: (line: string) => (written += line),
    } as never)
    log.info({ reason: text }, text)
    expect(written.split('\n')).toHaveLength(2)
    expect(JSON.parse(written)).toEqual({ level: 30, reason: text, msg: text })
  })

  it('is one inert cell of an export', () => {
    const [line = '', ...more] = parseCsv(
      exportText('csv', ['reason', 'next'], [{ reason: text, next: 'still here' }]),
    )
    expect(more).toEqual([])
    expect(line[1]).toBe('still here')
    expect(line[0]).not.toMatch(/^[=+\-@\t\r]/)
    expect([text, `'${text}`]).toContain(line[0])
    const json = exportText('jsonl', ['reason'], [{ reason: text }])
    expect(json.trimEnd().split('\n')).toHaveLength(1)
    expect(JSON.parse(json)).toEqual({ reason: text })
  })

  it('is one value of an answer’s header', () => {
    expect(attachmentName(text)).toMatch(/^[A-Za-z0-9._-]+$/)
  })

  it('is read by an approver as it is written', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(nameAsRead(text)).not.toMatch(/[\x00-\x1f\x7f\u202a-\u202e\u200b]/)
  })
})

/** RFC 4180, read by a second hand: quotes, doubled quotes, line ends inside of cells. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [[]]
  const cell = /(?:"((?:[^"]|"")*)"|([^,"\r\n]*))(,|\r\n|$)/y
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text)
    if (!found) throw new Error(`not CSV: ${text}`)
    lines.at(-1)?.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    if (found[3] === '\r\n') lines.push([])
  }
  if (lines.at(-1)?.length === 0) lines.pop()
  return lines
}
