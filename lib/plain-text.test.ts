import { expect, test } from 'vitest'
import { outboxQuery } from './outbox-url'
import { withoutNul } from './plain-text'
import { paletteQuery } from './queries/shell'
import { saveDraftForm } from './services/policy-input'

test('a search looks for nothing that the database cannot hold', () => {
  expect(withoutNul('a\0b\0')).toBe('ab')
  expect(outboxQuery({ to: 'ana\0' }).to).toBe('ana')
  expect(paletteQuery.parse('pay\0')).toBe('pay')
  expect(paletteQuery.safeParse('p\0\0').success).toBe(false)
})

test('a policy that travels as JSON brings no NUL along in an escape', () => {
  const sent = { policyId: '018f0000-0000-7000-8000-000000000000', version: 1, name: 'Read' }
  const read = saveDraftForm.safeParse({ ...sent, definition: '{"entitlementIds":["\\u0000"]}' })
  expect(JSON.stringify(read)).not.toContain('u0000')
})
