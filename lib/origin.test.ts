import { describe, expect, it } from 'vitest'
import { isOwnOrigin } from './origin'

const production = { APP_URL: 'https://leasehold.example.com', LEASEHOLD_MODE: 'production' } as const
const demo = { APP_URL: 'http://localhost:3000', LEASEHOLD_MODE: 'demo' } as const
const sent = (origin?: string, host = 'leasehold.example.com') =>
  new Headers({ host, ...(origin !== undefined && { origin }) })

describe('where a form was posted from', () => {
  it('is ours when the browser names our address', () => {
    expect(isOwnOrigin(sent('https://leasehold.example.com'), production)).toBe(true)
  })

  it.each([
    ['nothing', undefined],
    ['null', 'null'],
    ['an empty word', ''],
    ['another site', 'https://evil.example'],
    ['a site that begins like ours', 'https://leasehold.example.com.evil.example'],
    ['ours without encryption', 'http://leasehold.example.com'],
    ['ours on another port', 'https://leasehold.example.com:8443'],
    ['rubbish', 'https://'],
  ])('is not ours when it says %s', (_, origin) => {
    expect(isOwnOrigin(sent(origin), production)).toBe(false)
  })

  it('in production is judged by the settings alone, whatever host was asked for', () => {
    expect(isOwnOrigin(sent('https://evil.example', 'evil.example'), production)).toBe(false)
  })

  it('in the demo may also be the host that was asked for', () => {
    expect(isOwnOrigin(sent('http://127.0.0.1:3000', '127.0.0.1:3000'), demo)).toBe(true)
    expect(isOwnOrigin(sent('http://127.0.0.1:3001', '127.0.0.1:3000'), demo)).toBe(false)
  })
})
