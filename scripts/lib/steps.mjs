import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { ensureBuilt } from './build.mjs'
import { runChild } from './child.mjs'
import { inRoot } from './root.mjs'
import { Stop } from './stop.mjs'

/**
 * @typedef {{ passed: number, failed: number, skips: { name: string, reason: string }[] }} Counts
 * @typedef {{ name: string, run: () => Promise<Counts>, needs?: string }} Step `needs` names a step that must
 *   have passed, else this one counts as failed without running
 */

const RESULTS = inRoot('test-results')

const once = (passed) => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skips: [] })
const nodeChild = (args, options) => runChild(process.execPath, args, { show: true, ...options })

/** @type {Step} */
export const lint = {
  name: 'Format and lint',
  run: async () => once((await nodeChild(['node_modules/@biomejs/biome/bin/biome', 'check'])).code === 0),
}

/** @type {Step} */
export const types = {
  name: 'Types',
  run: async () => {
    // Route and page types are generated; a fresh clone has none yet.
    const generated = await runChild(process.execPath, ['node_modules/next/dist/bin/next', 'typegen'])
    if (generated.code !== 0) console.log(generated.output)
    const { code } = await nodeChild(['node_modules/typescript/bin/tsc', '--noEmit'])
    return once(generated.code === 0 && code === 0)
  },
}

/**
 * A project of vitest.config.ts; with a star, all whose names begin so.
 * @param {'unit' | 'unit*' | 'database*' | 'served'} project
 * @param {string} name
 * @param {string} [needs]
 * @returns {Step}
 */
export function tests(project, name, needs) {
  return { name, needs, run: () => vitest(project, []) }
}

/**
 * One file of tests on PostgreSQL, in its long form.
 * @param {string} file
 * @param {string} [needs]
 * @returns {Step}
 */
export function longTests(file, needs) {
  return { name: `${file}, the long form`, needs, run: () => vitest('database*', [file], { TEST_LONG: '1' }) }
}

async function vitest(project, files, env = {}) {
  const file = resultFile(`${project.replace('*', '')}.json`)
  const reporters = ['--reporter=default', `--reporter=${inRoot('scripts/lib/vitest-counts.mjs')}`]
  // So many files at once, whatever the number of processors: much of what they do is waiting, most of all for crashes.
  const workers = project === 'database*' ? 3 : 2
  const args = [
    'node_modules/vitest/vitest.mjs',
    'run',
    ...files,
    '--project',
    project,
    `--maxWorkers=${workers}`,
  ]
  const { code } = await nodeChild([...args, ...reporters], { env: { ...env, COUNTS_FILE: file } })
  return trust(code, existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)
}

/** @type {Step} */
export const build = {
  name: 'Production build',
  run: async () => {
    try {
      await ensureBuilt({ log: (line) => console.log(line) })
      return once(true)
    } catch (error) {
      if (!(error instanceof Stop)) throw error
      console.log(error.message)
      return once(false)
    }
  },
}

/** @type {Step} */
export const stories = {
  name: 'Browser stories',
  needs: build.name,
  run: async () => {
    const file = resultFile('browser.json')
    const { code } = await nodeChild(['node_modules/@playwright/test/cli.js', 'test'])
    return trust(code, existsSync(file) ? browserCounts(JSON.parse(readFileSync(file, 'utf8'))) : undefined)
  },
}

function browserCounts(report) {
  const counts = { passed: 0, failed: report.errors.length, skips: [] }
  const visit = (suite) => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'expected') counts.passed += 1
        else if (test.status === 'skipped') counts.skips.push({ name: spec.title, reason: reasonOf(test) })
        else counts.failed += 1
      }
    }
    for (const inner of suite.suites ?? []) visit(inner)
  }
  for (const suite of report.suites) visit(suite)
  return counts
}

function reasonOf(test) {
  const note = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')
  return note?.description ?? 'no reason given'
}

/** What a runner wrote down counts only together with how it ended: a failure it did not count is one. */
function trust(code, counts = { passed: 0, failed: 0, skips: [] }) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

function resultFile(name) {
  mkdirSync(RESULTS, { recursive: true })
  const file = inRoot('test-results', name)
  rmSync(file, { force: true })
  return file
}

/**
 * Runs steps one after the other, all of them whatever fails, and prints the closing line.
 * @param {Step[]} steps
 * @returns {Promise<number>} exit code
 */
export async function runSteps(steps) {
  const total = { passed: 0, failed: 0, skips: [] }
  const broken = new Set()
  for (const step of steps) {
    console.log(`\n== ${step.name}`)
    const startedAt = performance.now()
    const counts = broken.has(step.needs) ? once(false) : await step.run()
    if (counts.failed > 0) broken.add(step.name)
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
    const not = broken.has(step.needs) ? `, not run because "${step.needs}" failed` : ''
    console.log(`== ${step.name}: ${counts.passed} passed, ${counts.failed} failed in ${seconds} s${not}`)
    total.passed += counts.passed
    total.failed += counts.failed
    total.skips.push(...counts.skips)
  }
  console.log('')
  for (const { name, reason } of total.skips) console.log(`Skipped: ${name} (${reason})`)
  const skipped = total.skips.length > 0 ? `, ${total.skips.length} skipped` : ''
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`)
  return total.failed > 0 ? 1 : 0
}
