import { describe, expect, it } from 'vitest'
import { mailFrame } from './mail-frame'

describe('a mail in its frame', () => {
  it('gets its policy before anything of its own, and keeps the rest', () => {
    const framed = mailFrame(
      '<!doctype html><html><HEAD lang="en"><style>p{}</style></HEAD><body>Hello</body></html>',
    )
    expect(framed.indexOf("default-src 'none'")).toBeLessThan(framed.indexOf('<style>'))
    expect(framed).toContain('<HEAD lang="en"><meta')
    expect(framed).toContain('<base target="_top">')
    expect(framed).toContain('<body>Hello</body>')
  })

  it('gets it first where there is no head', () => {
    expect(mailFrame('<p>Hello</p>')).toMatch(/^<meta http-equiv="Content-Security-Policy".*<p>Hello<\/p>$/)
  })
})
