import { describe, expect, it } from 'vitest'
import { renderMail } from './index'
import { previews } from './previews'

/** The entry's properties, with folded lines put together again. */
function parse(ics: string) {
  const lines = ics.replace(/\r\n[ \t]/g, '').split('\r\n')
  expect(lines[0]).toBe('BEGIN:VCALENDAR')
  expect(lines.at(-2)).toBe('END:VCALENDAR')
  return new Map(
    lines
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  )
}

async function attached(kind: string, change: object = {}) {
  const content = previews.find((mail) => mail.kind === kind)!
  const mail = await renderMail({ ...content, props: { ...content.props, ...change } } as typeof content)
  return mail.attachments ?? []
}

describe('calendar entry', () => {
  it('gives the end in UTC, whatever the reader’s zone', async () => {
    for (const zone of ['Europe/Berlin', 'Pacific/Auckland', 'America/New_York']) {
      const [file] = await attached('expiry-notice', { zone })
      const entry = parse(file!.content)
      expect(file!.contentType).toMatch(/^text\/calendar/)
      expect(file!.filename).toBe('ends-2026-11-13-1303Z.ics')
      expect(entry.get('DTSTART')).toBe('20261113T130300Z')
      expect(entry.get('DTSTAMP')).toBe('20261113T090300Z')
      expect(entry.get('TRANSP')).toBe('TRANSPARENT')
    }
  })

  it('is moved, not doubled, by an extension of the same grant', async () => {
    const [before] = await attached('expiry-notice')
    const [after] = await attached('extended')
    const [first, second] = [parse(before!.content), parse(after!.content)]
    expect(second.get('UID')).toBe(first.get('UID'))
    expect([first.get('SEQUENCE'), second.get('SEQUENCE')]).toEqual(['0', '1'])
    expect(second.get('DTSTART')).toBe('20261113T190300Z')
  })

  it('cannot be given more lines by a name', async () => {
    const name = 'x\r\nATTENDEE:mailto:all@halden.example\nEND:VEVENT'
    const [file] = await attached('expiry-notice', { entitlement: name, grantId: name })
    const lines = file!.content.replace(/\r\n[ \t]/g, '').split(/\r?\n/)
    expect(lines.filter((line) => line.startsWith('ATTENDEE') || line === 'END:VEVENT')).toEqual([
      'END:VEVENT',
    ])
  })

  it('comes with the mails that state an end to come, and with no other', async () => {
    const kinds = []
    for (const { kind } of previews) if ((await attached(kind)).length > 0) kinds.push(kind)
    expect(kinds).toEqual(['expiry-notice', 'extended'])
  })
})
