import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from 'playwright'
import { inRoot } from './root.mjs'
import { Stop } from './stop.mjs'

const SYSTEM = [
  process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE,
  // Without windows, which is what Playwright's own is, too.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

const CALM = [
  ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-default-apps', '--disable-extensions'],
]

/** A browser counts only if it runs: on a bare machine Playwright's own may lack system libraries. */
const runs = (file) => existsSync(file) && spawnSync(file, ['--version', '--no-sandbox']).status === 0

/**
 * How Playwright has to start the browser that is here.
 * @returns {import('playwright').LaunchOptions | undefined} undefined when there is none
 */
export function browserOptions() {
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  if (!process.env.PLAYWRIGHT_CHROMIUM_EXECUTABLE && runs(chromium.executablePath())) return { args: sandbox }
  const system = SYSTEM.find((file) => file && runs(file))
  return system ? { executablePath: system, args: [...CALM, ...sandbox] } : undefined
}

/**
 * Makes sure there is a browser for the tests: Playwright's own or the system's, else one is installed.
 * @param {(line: string) => void} log
 * @throws {Stop} when none can be had
 */
export function ensureBrowser(log) {
  if (browserOptions()) return
  log("No browser found, installing Playwright's own …")
  install(process.execPath, [inRoot('node_modules/playwright/cli.js'), 'install', 'chromium'])
  if (browserOptions()) return
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    log("Installing the system's Chromium …")
    install('apt-get', ['update', '-qq'])
    for (const name of ['chromium-headless-shell', 'chromium'])
      if (!browserOptions()) install('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name])
  }
  if (browserOptions()) return
  throw new Stop(
    'There is no browser for the browser tests and none could be installed: install Chromium, or run ' +
      'npx playwright install --with-deps chromium.',
  )
}

function install(file, args) {
  spawnSync(file, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 10 * 60_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
}
