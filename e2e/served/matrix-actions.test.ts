import { describe, expect, it } from 'vitest'
import { actions } from './actions'
import type { ActionEntry } from './entries'
import { count, line, matches, onRecord, served, serveMatrix, still } from './matrix'
import { type Kind, kinds } from './people'
import type { Place } from './place'
import { actionDoors, addressOf, sendAction } from './replay'

serveMatrix('server actions', Object.keys(actions).length)

describe('every server action', () => {
  const found = actionDoors()
  /** Questions of a page's own scripts are answered with nothing, and that is all. */
  const asks = ({ send }: ActionEntry) => 'asks' in send(still.columns[0] as Place)

  it('is in the table, and nothing else is', () => {
    const missing = found
      .filter(({ name }) => !(name in actions))
      .map(({ name }) => line('actions.ts', name, ['…']))
    expect(missing, 'add these lines').toEqual([])
    const names = new Set(found.map(({ name }) => name))
    expect(
      Object.keys(actions).filter((name) => !names.has(name)),
      'take these lines out',
    ).toEqual([])
  })

  const byName = new Map(found.map((door) => [door.name, door]))
  const known = Object.entries(actions).flatMap(([name, entry]) => {
    const door = byName.get(name)
    return door ? [{ name, entry, door }] : []
  })

  it.each(known)('$name', async ({ name, entry, door }) => {
    const path = addressOf(door)
    const before = [count.refusals, await onRecord()] as const
    await matches('actions.ts', name, entry, (what, who) => sendAction(served, { ...door, path }, what, who))
    const put = asks(entry) ? 0 : count.refusals - before[0]
    const recorded = (await onRecord()) - before[1]
    // Whoever acted is shown the page they acted on anew, which may be none of theirs.
    const again = entry.expected.join('').replaceAll(/[^+o]/g, '').length
    count.recorded += put
    expect(recorded, 'refusals on record').toBeGreaterThanOrEqual(put)
    expect(recorded, 'refusals on record').toBeLessThanOrEqual(put + again)
    // Whoever may do it most: the last of those who are let in, with a form that is not ours.
    const at = Math.max(0, entry.expected[0]?.search(/[+o~?][^+o~?]*$/) ?? 0)
    const who = still.people[kinds[at] as Kind]
    const form = entry.send(still.columns[0] as Place)
    await Promise.all(
      ['https://elsewhere.example', 'null', null].map(async (from) => {
        const answer = await sendAction(served, { ...door, path }, form, who, from)
        count.origins++
        expect(answer.letter, `${name} from ${from}: ${answer.words}`).toMatch(/[!3o+]/)
      }),
    )
    expect(await served.written(), 'what was written for a form that is not ours').toEqual({})
  })
})
