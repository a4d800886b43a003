import 'server-only'
import { env } from '@/lib/env'

/**
 * Every place where a crash would hurt most: on either side of an outside act and of its record.
 * `FAULTPOINT=give.call:after:kill` kills this process there, as a power cut would; refused in production.
 */
export const faultpoints = {
  'give.intent': 'the intent to give and the baseline are committed, nothing was sent',
  'give.call': 'the give was sent, its answer is not recorded',
  'take.intent': 'the end is committed, nothing was sent',
  'take.call': 'the take was sent, the absence is not recorded',
  'send.call': 'the mail was handed over, that is not recorded',
} as const

export type Faultpoint = keyof typeof faultpoints

/** Dies here if the environment says so; costs a string comparison otherwise. */
export function faultpoint(name: Faultpoint, side: 'before' | 'after'): void {
  if (env().FAULTPOINT === `${name}:${side}:kill`) process.kill(process.pid, 'SIGKILL')
}
