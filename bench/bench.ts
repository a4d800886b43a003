// `npm run bench [-- <part>… --scale 0.02 --seed 1]`: measures what the design promises, and says of each bound whether
// it is met. See README.md beside this file.
import { parseArgs } from 'node:util'
import { Closers } from '@/scripts/lib/closers.mjs'
import { newSecrets, onlyThese } from '@/scripts/lib/demo-settings.mjs'
import { root } from '@/scripts/lib/root.mjs'
import { command, Stop } from '@/scripts/lib/stop.mjs'
import { type Server, startServer } from './lib/databases'
import { machine } from './lib/machine'
import { type Bench, type Figure, isMet } from './lib/part'
import { keep, table } from './lib/results'
import { parts } from './parts'

const say = (line: string) => console.log(`  ${line}`)
const all = new Closers()

await command(async () => {
  process.chdir(root)
  const { wanted, scale, seed, options } = read(process.argv.slice(2))
  all.onSignals()
  try {
    const server = await startServer(say)
    all.add(server.stop)
    Object.assign(process.env, settings(server))
    const missed: Figure[] = []
    for (const part of wanted) {
      console.log(`\n${part.name}: ${part.what}`)
      // Before it is measured: whoever waits for the figures may go on working meanwhile.
      const measuredOn = machine(server.version)
      const figures = await measure(part, { server, scale, seed, options, say })
      console.log(table(figures))
      keep({ part, figures, scale, seed, options, machine: measuredOn, say })
      missed.push(...figures.filter((figure) => isMet(figure) === false))
    }
    await all.close()
    if (missed.length === 0) return 0
    console.log(`\nMissed:\n${table(missed)}`)
    return 1
  } catch (error) {
    return await all.failed(error)
  }
})

/** What a process of the product is given; nothing here leaves the machine. */
function settings({ adminUrl }: Server): Record<string, string> {
  return onlyThese({
    ...newSecrets(),
    LEASEHOLD_MODE: 'test',
    APP_URL: 'http://localhost:3999',
    EGRESS_ALLOW: 'loopback',
    LOG_LEVEL: 'error',
    // Every part opens databases of its own on this server.
    DATABASE_URL: adminUrl,
  })
}

async function measure(
  part: (typeof parts)[number],
  more: Omit<Bench, 'closers'> & { server: Server },
): Promise<readonly Figure[]> {
  const closers = new Closers()
  const forget = all.add(() => closers.close())
  try {
    return await part.run({ ...more, closers })
  } finally {
    await closers.close()
    forget()
  }
}

function read(args: string[]) {
  const { values, positionals } = parse(args)
  const names = positionals.length > 0 ? positionals : parts.map(({ name }) => name)
  const wanted = names.map((name) => {
    const part = parts.find((one) => one.name === name)
    if (part) return part
    throw new Stop(`No part is called ${name}. There are: ${parts.map((one) => one.name).join(', ')}.`)
  })
  const { scale, seed, ...options } = values
  return {
    wanted,
    scale: numberFrom(scale, 'scale', 1),
    seed: numberFrom(seed, 'seed', Number.MAX_SAFE_INTEGER),
    options: Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)])),
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        scale: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        connections: { type: 'string' },
        rows: { type: 'string' },
        long: { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new Stop((error as Error).message)
  }
}

function numberFrom(text: string, name: string, most: number): number {
  const number = Number(text)
  if (number > 0 && number <= most) return number
  throw new Stop(`--${name} must be a number above 0 and up to ${most}.`)
}
