// `npm run ledger:check`: holds everything on record against the invariants of the domain, on a living database. It only
// reads, in a snapshot. Status 1 where anything is violated.
import { adminCommand } from './lib/admin-command.mjs'
import { Stop } from './lib/stop.mjs'

/** So many violations are told one by one. */
const MOST = 200

await adminCommand('The ledger was not checked', async () => {
  const { database } = await import('@/db/client')
  const { checkRecord } = await import('@/lib/audit/ledger')
  const { verifyChain } = await import('@/lib/audit/verify')
  try {
    const { db } = database()
    const { grants, requests, calls, problems } = await checkRecord(db)
    const { links, fault } = await verifyChain(db, { trusted: null })
    const all = fault ? [...problems, `I5: ${fault.what}`] : problems
    const read = [
      counted(grants, 'grant'),
      counted(requests, 'request'),
      counted(calls, 'call to targets', 'calls to targets'),
      counted(links, 'link of the chain', 'links of the chain'),
    ].join(', ')
    if (all.length > 0) throw new Stop(`The ledger does not hold (${read}):\n${told(all)}`)
    return [
      `The ledger holds: ${read}.`,
      'I1, I2, I6, I9 and I11 were asked of our own record and log of calls: what a target did without us, or did and did not say, is for Read holders and for the target’s own journal.',
      'I5 was asked of the chain alone; npm run audit:verify holds it against signed checkpoints. I12 is no matter of the record: the tests of every door show it.',
    ].join('\n')
  } finally {
    await database().close()
  }
})

function counted(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

function told(problems: readonly string[]): string {
  const more = problems.length - MOST
  return [...problems.slice(0, MOST), ...(more > 0 ? [`… and ${more} more.`] : [])].join('\n')
}
