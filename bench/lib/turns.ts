import { quantile } from './numbers'

type Ask = () => Promise<unknown>

/**
 * The 95th percentile of what each takes, in milliseconds. They are asked in turns, so that whatever else the machine
 * does hits all alike; the first rounds, which warm up, do not count.
 */
export async function inTurns<Name extends string>(
  asks: Record<Name, Ask>,
  { times, warm }: { times: number; warm: number },
): Promise<Record<Name, number>> {
  const names = Object.keys(asks) as Name[]
  const took = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = -warm; round < times; round++)
    for (const name of names) {
      const began = performance.now()
      await asks[name]()
      if (round >= 0) took.get(name)?.push(performance.now() - began)
    }
  return Object.fromEntries(names.map((name) => [name, quantile(took.get(name) ?? [], 0.95)])) as Record<
    Name,
    number
  >
}
