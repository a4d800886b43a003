// `npm run faultpoints`: every place where the crash tests kill the process, before and after, and what happens there.
import { faultpoints, faultSides } from '@/lib/faultpoints'

const names = Object.keys(faultpoints)
const width = Math.max(...names.map((name) => name.length))
for (const [name, what] of Object.entries(faultpoints)) console.log(`${name.padEnd(width)}  ${what}`)
console.log(
  `\n${names.length} points, each ${faultSides.join(' and ')}. To die at one: FAULTPOINT=${names[0]}:${faultSides[0]}:kill, in demo or test mode.`,
)
