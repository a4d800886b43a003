import { describe, expect, it } from 'vitest'
import { hueOf, monogram } from './avatar'
import { splitDuration } from './duration-input'

describe('letters of an application', () => {
  it.each([
    ['Data warehouse', 'DW'],
    ['GitHub', 'GH'],
    ['JumpCloud', 'JC'],
    ['Stripe', 'ST'],
    ['Kubernetes (eu-1)', 'KU'],
    ['élan', 'ÉL'],
    ['', '?'],
  ])('%s is %s', (name, letters) => {
    expect(monogram(name)).toBe(letters)
  })
})

it('gives a name one colour, and different names more than one', () => {
  expect(hueOf('Ana Oliveira')).toBe(hueOf('Ana Oliveira'))
  const hues = ['Ana Oliveira', 'Ben Okafor', 'Mira Lindqvist', 'Jonas Weber', 'Priya Nair'].map(hueOf)
  expect(new Set(hues).size).toBeGreaterThan(1)
})

describe('a length and its unit', () => {
  it.each([
    [86_400, 1, 'days'],
    [90_000, 25, 'hours'],
    [5_400, 90, 'minutes'],
    [900, 15, 'minutes'],
    [0, 0, 'minutes'],
  ])('%d s is %d %s', (seconds, count, unit) => {
    expect(splitDuration(seconds)).toEqual({ count, unit })
  })
})
