// `npm test`: everything, from a fresh clone. Installs what it needs, says what it is doing, and closes with
// one line of figures.
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/root.mjs'
import { command } from './lib/stop.mjs'

await command(async () => {
  process.chdir(root)
  const say = (line) => console.log(line)
  requireNode()
  ensureInstalled(say)
  const { ensureBrowser } = await import('./lib/browser.mjs')
  ensureBrowser(say)
  const { ensureSlapd } = await import('./lib/slapd.mjs')
  ensureSlapd(say)
  const { build, lint, runSteps, stories, tests, types } = await import('./lib/steps.mjs')
  return runSteps([
    lint,
    types,
    tests('unit*', 'Unit tests'),
    tests('database*', 'Tests on PostgreSQL'),
    build,
    tests('served', 'Every door, over HTTP', build.name),
    stories,
  ])
})
