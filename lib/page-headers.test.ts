import { describe, expect, it } from 'vitest'
import { pageHeaders } from './page-headers'

const facts = {
  path: '/requests/1',
  nonce: 'n0nce',
  appUrl: 'https://leasehold.example.com',
  development: false,
}
const policy = (more: Partial<Parameters<typeof pageHeaders>[0]> = {}) =>
  new Map(
    (pageHeaders({ ...facts, ...more })['Content-Security-Policy'] ?? '').split('; ').map((part) => {
      const [name = '', ...values] = part.split(' ')
      return [name, values.join(' ')]
    }),
  )

describe('the headers of a page', () => {
  it('let only scripts with its nonce run, and nobody frame it', () => {
    const csp = policy()
    expect(csp.get('script-src')).toBe("'self' 'nonce-n0nce' 'strict-dynamic'")
    expect(csp.get('frame-ancestors')).toBe("'none'")
    expect(csp.get('object-src')).toBe("'none'")
    expect(csp.get('form-action')).toBe("'self'")
  })

  it('let code be evaluated in development only', () => {
    expect(policy({ development: true }).get('script-src')).toContain("'unsafe-eval'")
  })

  it('let a form end up at the identity provider from the sign-in page alone', () => {
    const issuers = ['https://id.example.com/realms/halden', 'https://id.partner.example']
    expect(policy({ issuers }).get('form-action')).toBe("'self'")
    for (const path of ['/sign-in', '/sign-in/again'])
      expect(policy({ issuers, path }).get('form-action')).toBe(
        "'self' https://id.example.com https://id.partner.example",
      )
  })

  it('ask for encryption only where there is some', () => {
    expect(pageHeaders(facts)['Strict-Transport-Security']).toMatch(/^max-age=\d+/)
    const plain = pageHeaders({ ...facts, appUrl: 'http://localhost:3000' })
    expect(plain['Strict-Transport-Security']).toBeUndefined()
    expect(plain['Content-Security-Policy']).not.toContain('upgrade-insecure-requests')
  })

  it('keep the address of a link to themselves, and still say where a form comes from', () => {
    for (const path of ['/decide/t0ken', '/extend/t0ken', '/sign-in/confirm'])
      expect(pageHeaders({ ...facts, path })['Referrer-Policy']).toBe('strict-origin')
    expect(pageHeaders(facts)['Referrer-Policy']).toBe('strict-origin-when-cross-origin')
    expect(pageHeaders(facts)['Cache-Control']).toBe('no-store')
  })
})
