// graphile-worker in a process of its own: does what waits in the database of DATABASE_URL, as many jobs as it is told,
// and says how long it took from the first of them to the last, in milliseconds.
import { run } from 'graphile-worker'

const wanted = Number(process.argv[2])
const atOnce = Number(process.argv[3])
let finished = 0
let began = 0
const runner = await run({
  connectionString: process.env.DATABASE_URL,
  concurrency: atOnce,
  maxPoolSize: atOnce,
  noHandleSignals: true,
  logger: undefined,
  taskList: {
    async nothing() {
      if (finished === 0) began = performance.now()
      finished++
      if (finished === wanted) process.send?.(performance.now() - began)
    },
  },
})
process.on('message', () => void runner.stop().then(() => process.exit(0)))
process.on('disconnect', () => process.exit(0))
