import { describe, expect, it } from 'vitest'
import { type HeldRow, holdQueue, isOutOfOrder } from './held-queue'

const item = (id: string, note = '') => ({ id, note })
type Item = ReturnType<typeof item>
const none: ReadonlySet<string> = new Set()
const hold = (...ids: string[]) =>
  holdQueue<Item>(
    [],
    ids.map((id) => item(id)),
    none,
  )
const drawn = (rows: readonly HeldRow<Item>[]) =>
  rows.map((r) => (r.gone ? `(${r.item.id})` : r.item.id)).join(' ')

describe('an open queue after another look', () => {
  it.each<[string, string[], string[], string[], string]>([
    ['nothing changed', ['a', 'b'], ['a', 'b'], [], 'a b'],
    ['a new one that lapses first comes last: nothing moves', ['b', 'c'], ['a', 'b', 'c'], [], 'b c a'],
    ['one that a colleague decided stays, marked', ['a', 'b', 'c'], ['a', 'c'], [], 'a (b) c'],
    ['one that the reader answered leaves', ['a', 'b', 'c'], ['a', 'c'], ['b'], 'a c'],
    ['one that the reader answered and that still waits stays', ['a', 'b'], ['a', 'b'], ['b'], 'a b'],
    ['all are gone', ['a', 'b'], [], [], '(a) (b)'],
  ])('%s', (_name, before, after, answered, drawnAs) => {
    const rows = holdQueue(
      hold(...before),
      after.map((id) => item(id)),
      new Set(answered),
    )
    expect(drawn(rows)).toBe(drawnAs)
  })

  it('shows what is known of a row now, and one that came back as waiting', () => {
    const gone = holdQueue(hold('a', 'b'), [item('a')], none)
    const back = holdQueue(gone, [item('a', 'newer'), item('b')], none)
    expect(drawn(back)).toBe('a b')
    expect(back[0]?.item.note).toBe('newer')
  })

  it('knows when it stands in another order than it would', () => {
    const items = [item('a'), item('b'), item('c')]
    expect(isOutOfOrder(hold('a', 'b', 'c'), items)).toBe(false)
    expect(isOutOfOrder(holdQueue(hold('b', 'c'), items, none), items)).toBe(true)
    expect(
      isOutOfOrder(holdQueue(hold('a', 'b', 'c'), [item('a'), item('c')], none), [item('a'), item('c')]),
    ).toBe(false)
  })
})
