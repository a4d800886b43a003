// `npm run check`: what needs neither a database nor a browser, in under a minute.
import { requireNode } from './lib/install.mjs'
import { root } from './lib/root.mjs'
import { command } from './lib/stop.mjs'

await command(async () => {
  process.chdir(root)
  requireNode()
  const { lint, runSteps, tests, types } = await import('./lib/steps.mjs')
  return runSteps([lint, types, tests('unit', 'Unit tests')])
})
