import { defineConfig, devices } from '@playwright/test'
import { appUrl } from './scripts/e2e/addresses.mjs'
import { browserOptions } from './scripts/lib/browser.mjs'

const launchOptions = browserOptions()
if (!launchOptions) throw new Error('There is no browser: npm test installs one, or install Chromium.')

export default defineConfig({
  testDir: 'e2e',
  testMatch: '*.spec.ts',
  timeout: 60_000,
  // A machine that is busy with something else is slow, not wrong.
  expect: { timeout: 15_000 },
  // The stories share one organisation and one clock.
  workers: 1,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: 'test-results/browser.json' }]],
  outputDir: 'test-results/browser',
  globalTeardown: './e2e/ledger.teardown.ts',
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    baseURL: appUrl,
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    trace: { mode: 'retain-on-failure', screenshots: false },
    // What hangs is told after half a minute, not when the story's time is up.
    actionTimeout: 30_000,
    navigationTimeout: 30_000,
    launchOptions,
  },
  webServer: {
    command: 'node scripts/e2e-server.mjs',
    url: `${appUrl}/api/health`,
    reuseExistingServer: false,
    timeout: 5 * 60_000,
    stdout: 'pipe',
    gracefulShutdown: { signal: 'SIGTERM', timeout: 45_000 },
  },
})
