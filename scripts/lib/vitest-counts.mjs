import { writeFileSync } from 'node:fs'

/** A vitest reporter: how many tests there were, and each skipped one with its reason, in COUNTS_FILE. */
export default class Counts {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skips: [] }
    for (const module of modules) {
      let tests = 0
      for (const test of module.children.allTests()) {
        tests += 1
        const { state, note } = test.result()
        if (state === 'passed') counts.passed += 1
        else if (state === 'failed') counts.failed += 1
        else counts.skips.push({ name: test.fullName, reason: note ?? 'no reason given' })
      }
      // A file that could not even be loaded has no tests to fail.
      if (tests === 0 && module.state() === 'failed') counts.failed += 1
    }
    writeFileSync(process.env.COUNTS_FILE, JSON.stringify(counts))
  }
}
