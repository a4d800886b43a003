import { describe, expect, it } from 'vitest'
import { asRead, nameAsRead } from './text'

/** Name as sent → as an approver reads it. */
const corpus: [what: string, sent: string, read: string][] = [
  ['an override that turns the rest around', 'Ana \u202eavieiviO', 'Ana avieiviO'],
  ['an embedding', '\u202bAna\u202c Oliveira', 'Ana Oliveira'],
  ['an isolate', 'Ana \u2066Oliveira\u2069', 'Ana Oliveira'],
  ['marks of direction', 'Ana\u200e\u200f\u061c', 'Ana'],
  ['a space without width', 'Ines\u200bAlbrecht', 'InesAlbrecht'],
  ['a joiner that joins nothing', 'In\u200des', 'Ines'],
  ['a non-joiner that parts nothing', 'In\u200ces', 'Ines'],
  ['a word joiner and a byte order mark', '\ufeffInes\u2060', 'Ines'],
  ['a soft hyphen', 'In\u00ades', 'Ines'],
  ['invisible operators', 'In\u2061\u2062\u2063\u2064es', 'Ines'],
  ['tags', 'Ines\u{e0041}\u{e0042}\u{e007f}', 'Ines'],
  ['fillers that look like nothing', '\u3164\u115f\u1160\uffa0Ines\u2800', 'Ines'],
  ['an annotation', '\ufff9Ines\ufffaAdmin\ufffb', 'InesAdmin'],
  ['a Mongolian vowel separator', 'In\u180ees', 'Ines'],
  ['variation selectors of another plane', 'Ines\u{e0100}', 'Ines'],
  ['an escape sequence', 'Ines\u001b[2K\u001b[1A', 'Ines[2K[1A'],
  ['a backspace', 'Anax\u0008 Oliveira', 'Anax Oliveira'],
  ['a NUL', 'In\0es', 'Ines'],
  ['line ends in a name', 'Ines\r\nApproved by: Ben', 'Ines Approved by: Ben'],
  ['line ends of other alphabets', 'Ines\u2028Ben\u0085Ruth', 'Ines BenRuth'],
  ['many spaces', '  Ines \u00a0\t Albrecht ', 'Ines Albrecht'],
]

/** What people are really called. */
const kept = [
  'Tomás Rivera',
  'محمد\u200cرضا',
  'नर\u094d\u200dमदा',
  '李小龍',
  'Zoë O’Neil-Łuczak',
  'שרה כהן',
  'Release 🧑\u200d💻',
  '❤\ufe0f\u200d🔥',
  '👩🏽\u200d🔬',
]

describe('a name that an approver reads', () => {
  it.each(corpus)('has nothing unseen in it: %s', (_what, sent, read) => expect(nameAsRead(sent)).toBe(read))
  it.each(kept)('stays what it is: %s', (name) => expect(nameAsRead(name)).toBe(name))
  it('is the same when it is read twice', () => {
    for (const [, sent] of corpus) expect(nameAsRead(nameAsRead(sent))).toBe(nameAsRead(sent))
  })
})

it('a text of several lines keeps them', () => {
  expect(asRead('One\r\n\tTwo\u202e\n')).toBe('One\r\n\tTwo\n')
})
