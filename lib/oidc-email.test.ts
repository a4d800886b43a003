import { expect, test } from 'vitest'
import { provenTime, vouchedAddress } from './oidc-email'

test.each([
  ['verified', true, false, true],
  ['verified, as text', 'true', false, true],
  ['not said', undefined, false, false],
  ['not said by a trusted one', undefined, true, true],
  ['unverified', false, false, false],
  ['unverified at a trusted one', false, true, false],
  ['unverified as text at a trusted one', 'false', true, false],
  ['odd at a trusted one', 1, true, false],
])('an address that is %s', (_, email_verified, trustEmail, believed) => {
  const claims = { email: 'ana@halden.example', email_verified }
  expect(vouchedAddress(claims, { trustEmail, emailDomains: [] })).toBe(believed ? claims.email : null)
})

test('no address is no address', () => {
  const trust = { trustEmail: true, emailDomains: [] }
  expect(vouchedAddress(undefined, trust)).toBeNull()
  expect(vouchedAddress({ email_verified: true }, trust)).toBeNull()
})

test.each([
  ['mei@partner.example', true],
  ['Mei@Partner.Example', true],
  ['ana@halden.example', false],
  ['ana@sub.partner.example', false],
  ['"ana@partner.example"@halden.example', false],
])('a provider of one company’s people vouches for %s: %s', (email, believed) => {
  const trust = { trustEmail: true, emailDomains: ['partner.example'] }
  expect(vouchedAddress({ email, email_verified: true }, trust)).toBe(believed ? email : null)
})

test('when somebody proved who they are is what the provider says, or not known', () => {
  expect(provenTime({ auth_time: 1_795_000_000 })).toEqual(new Date(1_795_000_000_000))
  for (const odd of [undefined, null, 'yesterday', 0, -5, Number.NaN, {}])
    expect(provenTime({ auth_time: odd }), String(odd)).toBeNull()
})
