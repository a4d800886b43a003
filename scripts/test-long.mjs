// `npm run test:long [-- <words of a file's name>]`: the long forms of tests that `npm test` runs in short, for a night
// or before a release. Each file says what it does when TEST_LONG is 1;
// TEST_SEEDS and TEST_ENDS give some of it another size.
import { ensureInstalled, requireNode } from './lib/install.mjs'
import { root } from './lib/root.mjs'
import { command, Stop } from './lib/stop.mjs'

const FILES = ['lib/engine/crash.db.test.ts', 'lib/engine/chance.db.test.ts', 'lib/engine/chaos.db.test.ts']

await command(async () => {
  process.chdir(root)
  requireNode()
  ensureInstalled((line) => console.log(line))
  const words = process.argv.slice(2)
  const files = FILES.filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  if (files.length === 0) throw new Stop(`No long test is called that. There are: ${FILES.join(', ')}`)
  const { build, longTests, runSteps } = await import('./lib/steps.mjs')
  return runSteps([build, ...files.map((file) => longTests(file, build.name))])
})
