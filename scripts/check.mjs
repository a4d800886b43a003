// `npm run check`: what needs neither a database nor a browser, in under a minute.
import { root } from './lib/root.mjs'
import { lint, runSteps, tests, types } from './lib/steps.mjs'
import { command } from './lib/stop.mjs'

await command(async () => {
  process.chdir(root)
  return runSteps([lint, types, tests('unit', 'Unit tests')])
})
