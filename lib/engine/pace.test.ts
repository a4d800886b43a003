import { expect, it } from 'vitest'
import { Pace } from './pace'

const withTakes = (count: number) => {
  const pace = new Pace()
  for (let i = 0; i < count; i++) pace.begun('take', 0)
  return pace
}

it('looks for work at once, until it is crowded', () => {
  const pace = withTakes(63)
  pace.looked(0)
  expect([pace.crowded, pace.untilLook(1)]).toEqual([false, 0])
  pace.begun('take', 1)
  expect([pace.crowded, pace.untilLook(1)]).toEqual([true, 119])
})

it('in a crowd looks again when a few dozen places are free, or a while is over', () => {
  const pace = withTakes(120)
  pace.looked(0)
  for (let i = 0; i < 31; i++) pace.over('take')
  expect(pace.untilLook(20)).toBe(100)
  pace.over('look')
  expect(pace.untilLook(20)).toBe(0)
  pace.looked(20)
  expect(pace.untilLook(20)).toBe(120)
  expect(pace.untilLook(140)).toBe(0)
})

it('lets one mail out every two seconds beside many takes, and as many as usual otherwise', () => {
  const pace = withTakes(8)
  expect(pace.mailsAtOnce(0)).toBe(1)
  pace.begun('send', 0)
  expect([pace.mailsAtOnce(2000), pace.mailsAtOnce(2001)]).toEqual([0, 1])
  pace.over('take')
  expect(pace.mailsAtOnce(0)).toBeUndefined()
})

it('takes it that much is due where it found a lot last time, or is crowded', () => {
  const pace = new Pace()
  expect(pace.much).toBe(false)
  pace.found(8)
  expect(pace.much).toBe(true)
  pace.found(7)
  expect(pace.much).toBe(false)
  expect(withTakes(64).much).toBe(true)
})
