import { describe, expect, it } from 'vitest'
import { doors, foundDoors, type Knock } from './doors'
import { count, line, matches, onRecord, served, serveMatrix, still } from './matrix'
import type { Place } from './place'
import { knock } from './replay'

serveMatrix('pages and routes', Object.keys(doors).length)

describe('every page and route', () => {
  it('is in the table, and nothing else is', () => {
    const found = foundDoors()
    const missing = found.filter((name) => !(name in doors)).map((name) => line('doors.ts', name, ['…']))
    expect(missing, 'add these lines').toEqual([])
    expect(
      Object.keys(doors).filter((name) => !found.includes(name.split('?', 1)[0] ?? '')),
      'take these lines out',
    ).toEqual([])
  })

  it.each(Object.entries(doors).map(([name, entry]) => ({ name, entry })))(
    '$name',
    async ({ name, entry }) => {
      const what = entry.send(still.columns[0] as Place)
      if (typeof what === 'string') await knock(served, what, still.people.admin, { method: 'HEAD' })
      const before = await onRecord()
      await matches('doors.ts', name, entry, async (what: Knock, who) => {
        if (typeof what === 'string') return knock(served, what, who)
        const { path, method, body } = what
        return knock(served, path, who, { method, body, headers: { origin: served.origin } })
      })
      // A door that this install does not have refuses nobody, nor does one that shows the way to the sign-in page.
      const machine = /\/api\/((scim|cron|demo)\/|metrics)/.test(name)
      const there = !/\/(api|dev)\//.test(name)
      const letters = entry.expected.join('')
      const put = machine ? letters.length : there ? letters.replaceAll(/[^34]/g, '').length : 0
      expect((await onRecord()) - before, 'refusals on record').toBe(put)
      count.recorded += put
    },
  )
})
