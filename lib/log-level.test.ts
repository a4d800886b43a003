import { expect, test } from 'vitest'
import { logLevel } from './log-level'

test.each([
  ['warn', 'warn'],
  [' silent ', 'silent'],
  ['loud', 'info'],
  ['', 'info'],
  [undefined, 'info'],
])('LOG_LEVEL=%s logs at %s', (setting, level) => {
  expect(logLevel(setting)).toBe(level)
})
