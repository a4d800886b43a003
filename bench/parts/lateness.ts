import { quantile, rounded } from '../lib/numbers'
import { type Part, wholeOption } from '../lib/part'
import { runEnds } from './ends'

const ENDS = 10_000
const SPREAD_MS = 60_000
const CONNECTIONS = 16
/** A healthy target: it answers at once. */
const DELAY_MS = 0
const PATIENCE_MS = 120_000

export const latenessPart: Part = {
  name: 'lateness',
  what: '10,000 leases end over a minute, at a healthy target',
  async run(bench) {
    const ends = await runEnds(bench, {
      database: 'bench_lateness',
      count: Math.round(ENDS * bench.scale),
      connections: wholeOption(bench, 'connections', CONNECTIONS),
      manner: { delayMs: DELAY_MS, errors: 0 },
      spreadMs: SPREAD_MS,
      patienceMs: PATIENCE_MS,
    })
    const late = (share: number) => rounded(quantile(ends.late, share) / 1000, 3)
    const left = { unit: 'accesses', bound: { atMost: 0 } }
    return [
      { what: 'Lateness, p50', measured: late(0.5), unit: 's', bound: { atMost: 0.3 } },
      { what: 'Lateness, p99', measured: late(0.99), unit: 's', bound: { atMost: 1 } },
      { what: 'Lateness, the latest', measured: late(1), unit: 's', bound: { atMost: 5 } },
      { what: 'Lost', measured: ends.lost, ...left },
      { what: 'Taken before the end', measured: ends.early, ...left },
      {
        what: 'All seen absent, after the last end',
        measured: rounded(ends.seenMs / 1000),
        unit: 's',
        bound: null,
      },
      { what: 'Processor time of the engine', measured: ends.cpuSeconds, unit: 's', bound: null },
    ]
  },
}
