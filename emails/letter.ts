import { clean, cleanLines, cleanPiece, named } from './words'

/** A stretch of running text: plain, or a name as its target writes it. */
export type Piece = string | { code: string }
/** Running text. Everything in it is cleaned where it is written out. */
export type Rich = string | readonly Piece[]

/** The tones of chips and bars. */
export type Tone = 'wait' | 'warn' | 'bad' | 'off' | 'ok'

/** One stretch of the lease bar; the shares of a bar add up to 1. */
export interface Stretch {
  tone: 'ok' | 'warn' | 'bad' | 'badsoft' | 'off' | 'rest' | 'restw' | 'cut'
  share: number
}

/** The lease, drawn to scale. */
export interface Bar {
  /** What it shows, in words, for those who do not see it. */
  label: string
  stretches: readonly Stretch[]
  /** A tick between the first and the second stretch, with its words. */
  tick?: string
  left: string
  right: string
}

/**
 * One mail, said once: the HTML and the text are two ways of writing the same letter,
 * so they cannot tell two stories.
 */
export interface Letter {
  subject: string
  /** The line an inbox shows after the subject. */
  preview: string
  chip: { tone: Tone; text: string }
  heading: Rich
  lead?: Rich
  quote?: { text: string; by: string }
  bar?: Bar
  /** The one button. A quiet one stands last: there is nothing one has to do. */
  action: { label: string; url: string; quiet?: boolean; note?: string }
  /** A second way, as a link in a sentence. `text` replaces the words in plain text. */
  link?: { before: string; label: string; url: string; text: string }
  /** More of the same kind, each with its own link: the others of several requests. */
  also?: { title: string; items: readonly { text: Rich; label: string; url: string }[] }
  /** Where matters stand, for plain text, which has no chip. */
  status?: Rich
  sections?: readonly { title: string; body: Rich }[]
  facts?: readonly { label: string; lines: readonly Rich[] }[]
  steps?: { title: string; items: readonly Rich[] }
  after?: Rich
  foot: Rich
  /** The foot's one link. */
  footLink?: { label: string; url: string }
}

/** A name as its target writes it, set in the code face. */
export function code(text: string, max = 120): Piece {
  return { code: named(text, max) }
}

/** Running text with names in it: rich`Your ${code('prod_read')} ends`. */
export function rich(literals: TemplateStringsArray, ...values: (Piece | number)[]): Rich {
  return literals.flatMap((literal, i): Piece[] => {
    const value = values[i]
    const piece = typeof value === 'number' ? String(value) : value
    return [literal, ...(piece === undefined ? [] : [piece])]
  })
}

/** Puts sentences after one another; empty ones are left out. */
export function sentences(...parts: (Rich | false | null | undefined)[]): Rich {
  const kept = parts.filter((part): part is Rich => Boolean(part) && part !== '')
  return kept.flatMap((part, i): Piece[] => [...(i ? [' '] : []), ...pieces(part)])
}

/** The stretches of running text, cleaned. */
export function pieces(text: Rich): Piece[] {
  const all = typeof text === 'string' ? [text] : text
  return all.map((piece) => (typeof piece === 'string' ? cleanPiece(piece) : { code: clean(piece.code) }))
}

/** Running text without its faces. */
export function plain(text: Rich): string {
  return clean(
    pieces(text)
      .map((piece) => (typeof piece === 'string' ? piece : piece.code))
      .join(''),
  )
}

/** A subject that fits a header: one clean line of at most 300 characters. */
export function subjectLine(letter: Letter): string {
  return named(letter.subject, 300)
}

/** The letter as plain text. Whatever people wrote stays on its own line, inside quotes. */
export function letterText(letter: Letter): string {
  const { quote, action, link } = letter
  const blocks: (string | undefined)[][] = [
    [plain(letter.heading)],
    [letter.lead && plain(letter.lead)],
    quote ? [`"${clean(cleanLines(quote.text).join(' ')).replaceAll('"', '’')}"`, clean(quote.by)] : [],
    [`${action.label}: ${action.url}`, action.note, letter.status && plain(letter.status)],
    letter.also
      ? [
          `${letter.also.title}:`,
          ...letter.also.items.map(({ text, label, url }) => `${plain(text)}. ${label}: ${url}`),
        ]
      : [],
    [
      ...(letter.sections ?? []).map(({ title, body }) => `${clean(title)}: ${plain(body)}`),
      link && `${link.text}: ${link.url}`,
    ],
    (letter.facts ?? []).map(({ label, lines }) => `${clean(label)}: ${lines.map(plain).join('; ')}`),
    letter.steps
      ? [`${letter.steps.title}:`, ...letter.steps.items.map((item, i) => `${i + 1}. ${plain(item)}`)]
      : [],
    [letter.after && plain(letter.after)],
    [plain(letter.foot), letter.footLink && `${letter.footLink.label}: ${letter.footLink.url}`],
  ]
  const written = blocks.map((block) => block.filter(Boolean).join('\n')).filter(Boolean)
  return `${written.join('\n\n')}\n`
}
