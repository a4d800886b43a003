import { expect, test } from 'vitest'
import { vouchedAddress } from './oidc-email'

test.each([
  ['verified', true, false, true],
  ['verified, as text', 'true', false, true],
  ['not said', undefined, false, false],
  ['not said by a trusted one', undefined, true, true],
  ['unverified', false, false, false],
  ['unverified at a trusted one', false, true, false],
  ['unverified as text at a trusted one', 'false', true, false],
  ['odd at a trusted one', 1, true, false],
])('an address that is %s', (_, email_verified, trust, believed) => {
  const claims = { email: 'ana@halden.example', email_verified }
  expect(vouchedAddress(claims, trust)).toBe(believed ? claims.email : null)
})

test('no address is no address', () => {
  expect(vouchedAddress(undefined, true)).toBeNull()
  expect(vouchedAddress({ email_verified: true }, true)).toBeNull()
})
