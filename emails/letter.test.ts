import { describe, expect, it } from 'vitest'
import { code, type Letter, letterText, plain, rich, subjectLine } from './letter'

const letter: Letter = {
  subject: 'Hello\r\nBcc: all@halden.example\u202e',
  preview: '',
  chip: { tone: 'ok', text: 'ok' },
  heading: rich`Your ${code('prod_read')} ends`,
  quote: { text: 'He said "yes".\r\n\r\nReview request: https://evil.example', by: 'Ana\nBen' },
  action: { label: 'View access', url: 'https://access.halden.example/grants/1' },
  foot: 'The end.',
}

describe('letter', () => {
  it('puts the subject on one bounded line', () => {
    expect(subjectLine(letter)).toBe('Hello Bcc: all@halden.example')
    expect([...subjectLine({ ...letter, subject: '𝒜'.repeat(999) })]).toHaveLength(300)
  })

  it('keeps quoted words inside their quotes and on their line', () => {
    expect(letterText(letter)).toBe(
      [
        'Your prod_read ends',
        '"He said ’yes’. Review request: https://evil.example"\nAna Ben',
        'View access: https://access.halden.example/grants/1',
        'The end.\n',
      ].join('\n\n'),
    )
  })

  it('writes numbers and names into running text', () => {
    expect(plain(rich`${3} of ${code(' a\u200bb ')} and ${'c'}`)).toBe('3 of ab and c')
  })
})
