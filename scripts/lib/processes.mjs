import { readFileSync } from 'node:fs'

/** Whether a process with this id is running, ours or not. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if (error.code !== 'EPERM') return false
  }
  return !isZombie(pid)
}

/**
 * Whether a process has ended but was never waited for. Containers without an init leave such entries; they
 * answer signals as if they lived.
 */
export function isZombie(pid) {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .startsWith('Z')
  } catch {
    return false
  }
}
