import { expect, test } from 'vitest'
import { movedWords, othersMoved } from './other-members'

test('one member may come or go, and be listed twice', () => {
  expect(othersMoved(['a', 'b'], ['a', 'b', 'x'], 'x')).toBeNull()
  expect(othersMoved(['a', 'x', 'b'], ['b', 'a'], 'x')).toBeNull()
  expect(othersMoved(['a'], ['a', 'a', 'x', 'x'], 'x')).toBeNull()
  expect(othersMoved([], [], 'x')).toBeNull()
})

test('whoever else comes or goes is named, however many', () => {
  expect(othersMoved(['a', 'b', 'x'], [], 'x')).toEqual({ gone: ['a', 'b'], come: [] })
  expect(othersMoved(['a', 'x'], ['b'], 'x')).toEqual({ gone: ['a'], come: ['b'] })
  expect(othersMoved(['a', 'x'], ['a', 'b', 'x'], 'x')).toEqual({ gone: [], come: ['b'] })
})

test('it is said in words that stay short', () => {
  const names = (id: string) => id.toUpperCase()
  expect(movedWords({ gone: ['a'], come: [] }, names)).toBe('1 other member went (A)')
  expect(movedWords({ gone: ['a', 'b', 'c', 'd', 'e'], come: ['f'] })).toBe(
    '5 other members went (a, b, c and 2 more) and 1 other member came (f)',
  )
})
