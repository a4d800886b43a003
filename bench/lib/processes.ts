import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const TICKS_PER_SECOND = 100

/** Processor time that a process used so far, its own and its threads', in seconds. */
export function cpuSeconds(pid: number): number {
  const file = `/proc/${pid}/stat`
  if (existsSync(file)) {
    // After the name in brackets, which may hold anything: user and system ticks are the 12th and 13th.
    const fields = readFileSync(file, 'utf8').split(') ').at(-1)!.split(' ')
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
  }
  const parts = ps('time', pid).split(':').map(Number)
  return parts.reduce((sum, part) => sum * 60 + part, 0)
}

/** What a process holds in memory (resident set), in megabytes. */
export const memoryMb = (pid: number) => Number(ps('rss', pid)) / 1024

const ps = (what: string, pid: number) =>
  execFileSync('ps', ['-o', `${what}=`, '-p', String(pid)], { encoding: 'utf8' }).trim()
