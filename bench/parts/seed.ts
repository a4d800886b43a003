import { rounded } from '../lib/numbers'
import { seededOrganisation } from '../lib/organisation'
import type { Part } from '../lib/part'

export const seedPart: Part = {
  name: 'seed',
  what: 'an organisation with 1,000,000 grants and 5,000,000 timeline entries, kept for the next run',
  async run(bench) {
    const { grants, entries, madeInSeconds, database } = await seededOrganisation(bench)
    const states = await database.db.execute<{ state: string; n: string }>(
      'select state, count(*) as n from "grant" group by state order by 1',
    )
    return [
      { what: 'Grants', measured: grants, unit: '', bound: null },
      ...states.map(({ state, n }) => ({ what: `… ${state}`, measured: Number(n), unit: '', bound: null })),
      { what: 'Timeline entries', measured: entries, unit: '', bound: null },
      { what: 'Made in', measured: rounded(madeInSeconds), unit: 's', bound: null },
    ]
  },
}
