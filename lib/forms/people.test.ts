import { parseWithZod } from '@conform-to/zod/v4'
import { describe, expect, it } from 'vitest'
import { askForm, decideForm, decideManyForm, momentIn, wallClock } from './people'

const id = '01a20ad8-b946-7240-9870-a099ed0f6f00'

function send(
  schema: Parameters<typeof parseWithZod>[1]['schema'],
  values: Record<string, string | string[]>,
) {
  const form = new FormData()
  for (const [name, value] of Object.entries(values)) for (const one of [value].flat()) form.append(name, one)
  return parseWithZod(form, { schema })
}
const ask = (values: Record<string, string>) =>
  send(askForm, { entitlementId: id, zone: 'Europe/Berlin', ...values })

describe('asking', () => {
  it('reads a length, a reason and no start', () => {
    const answer = ask({ seconds: '21600', reason: '  INC-1 ', when: 'agreed' })
    expect(answer.status === 'success' && answer.value).toEqual({
      entitlementId: id,
      seconds: 21_600,
      reason: 'INC-1',
      startAt: null,
    })
  })

  it('reads a start on the wall clock of the reader', () => {
    const answer = ask({ seconds: '21600', when: 'set', startAt: '2026-11-13T08:00' })
    expect(answer.status === 'success' && answer.value).toMatchObject({
      startAt: new Date('2026-11-13T07:00:00Z'),
      reason: '',
    })
  })

  it('forgets a start that was typed and then not wanted', () => {
    const answer = ask({ seconds: '21600', when: 'agreed', startAt: '2026-11-13T08:00' })
    expect(answer.status === 'success' && answer.value).toMatchObject({ startAt: null })
  })

  it('takes a permanent access for what it is', () => {
    const answer = ask({ permanent: 'on', reason: 'r' })
    expect(answer.status === 'success' && answer.value).toMatchObject({ seconds: null })
  })

  it.each<[string, Record<string, string>, string]>([
    ['no length', { reason: 'r' }, 'seconds'],
    ['a length that is none', { seconds: 'soon' }, 'seconds'],
    ['a set time without one', { seconds: '60', when: 'set' }, 'startAt'],
    ['a start that is none', { seconds: '60', when: 'set', startAt: 'tomorrow' }, 'startAt'],
    ['too long a reason', { seconds: '60', reason: 'x'.repeat(2001) }, 'reason'],
    ['an unknown zone', { seconds: '60', zone: 'Mars/Base' }, 'zone'],
    ['an id that is none', { seconds: '60', entitlementId: '1 or 1=1' }, 'entitlementId'],
  ])('refuses %s at its field', (_, values, field) => {
    const answer = ask(values)
    expect(answer.status).toBe('error')
    expect(Object.keys(answer.reply().error ?? {})).toContain(field)
  })
})

describe('deciding', () => {
  it('takes an empty note for none', () => {
    const answer = send(decideForm, { requestId: id, verdict: 'deny', note: ' ', version: '3' })
    expect(answer.status === 'success' && answer.value).toMatchObject({ note: null, version: 3 })
  })

  it('reads one or several picked requests with the version that was looked at', () => {
    for (const picked of [[`${id}:2`], [`${id}:2`, `${id}:11`]]) {
      const answer = send(decideManyForm, { picked, verdict: 'approve' })
      expect(answer.status === 'success' && answer.value).toMatchObject({
        picked: picked.map((p) => ({ requestId: id, version: Number(p.slice(37)) })),
      })
    }
    expect(send(decideManyForm, { verdict: 'approve' }).status).toBe('error')
    for (const picked of ['all', `${'-'.repeat(36)}:1`, `${id}:0`])
      expect(send(decideManyForm, { picked: [picked], verdict: 'approve' }).status).toBe('error')
  })
})

describe('a wall clock', () => {
  it.each([
    ['2026-11-13T08:00', 'Europe/Berlin', '2026-11-13T07:00:00.000Z'],
    ['2026-07-01T00:30', 'America/New_York', '2026-07-01T04:30:00.000Z'],
    ['2026-07-01T00:30', 'Asia/Kolkata', '2026-06-30T19:00:00.000Z'],
  ])('%s in %s is %s, there and back', (text, zone, iso) => {
    expect(momentIn(text, zone).toISOString()).toBe(iso)
    expect(wallClock(new Date(iso), zone)).toBe(text)
  })

  it('moves an hour that a clock change skips forward', () => {
    expect(momentIn('2026-03-29T02:30', 'Europe/Berlin').toISOString()).toBe('2026-03-29T01:30:00.000Z')
  })
})
