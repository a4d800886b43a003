import { quantile, rounded } from '../lib/numbers'
import { type Bench, type Figure, type Part, wholeOption } from '../lib/part'
import { type Ends, runEnds } from './ends'

const ENDS = 10_000
/** One target behind so many connections: a connection lets only so many calls out at a time. */
const CONNECTIONS = 32
const DELAY_MS = 50
const PATIENCE_MS = 300_000

async function herd(bench: Bench, errors: number): Promise<Ends> {
  return runEnds(bench, {
    database: 'bench_herd',
    count: Math.round(ENDS * bench.scale),
    connections: wholeOption(bench, 'connections', CONNECTIONS),
    manner: { delayMs: DELAY_MS, errors },
    spreadMs: 0,
    patienceMs: PATIENCE_MS,
  })
}

function figures(words: string, ends: Ends, atMost: number): Figure[] {
  const landed = (share: number) => rounded(quantile(ends.late, share) / 1000)
  const left = { unit: 'accesses', bound: { atMost: 0 } }
  return [
    { what: `${words}: all effects landed`, measured: landed(1), unit: 's', bound: { atMost } },
    { what: `${words}: half of them landed`, measured: landed(0.5), unit: 's', bound: null },
    { what: `${words}: lost`, measured: ends.lost, ...left },
    { what: `${words}: taken before the end`, measured: ends.early, ...left },
    // "Soon after": a try that failed is tried again within the gap of a take.
    {
      what: `${words}: all seen absent`,
      measured: rounded(ends.seenMs / 1000),
      unit: 's',
      bound: { atMost: atMost + 60 },
    },
    { what: `${words}: processor time of the engine`, measured: ends.cpuSeconds, unit: 's', bound: null },
    { what: `${words}: calls to the target`, measured: ends.calls, unit: 'calls', bound: null },
    { what: `${words}: of these failed`, measured: ends.failed, unit: 'calls', bound: null },
  ]
}

export const herdPart: Part = {
  name: 'herd',
  what: '10,000 leases end in the same second, at a target that takes 50 ms over a call',
  async run(bench) {
    const clean = await herd(bench, 0)
    const failing = await herd(bench, 0.05)
    return [...figures('Clean', clean, 12), ...figures('5 % errors', failing, 20)]
  },
}
