import 'server-only'

/**
 * Every place where a crash would hurt: on either side of an outside act, of what is committed about it, and of a
 * claim. Each is named by what happens there: `before` it has not happened, `after` it has and nothing that follows
 * from it. `FAULTPOINT=give.call:after:kill` kills this process there, as a power cut would, and `give.call:after:kill:3`
 * when it passes there for the third time; refused in production. The list is the denominator of
 * `lib/engine/crash.db.test.ts`, and `npm run faultpoints` prints it.
 */
export const faultpoints = {
  commit: 'a change is committed as a whole; whoever made it waits for the answer',
  claim: 'work is claimed; nobody else comes to it before the claim runs out',
  'give.intent': 'the intent to give and the baseline are committed, nothing was sent',
  'give.call': 'the give was sent, its answer is not recorded',
  'give.seen': 'the access was seen there, and that it is given is recorded with its end',
  'give.answered': 'the target refused the give, and its answer is recorded; no next try is dated',
  'take.intent': 'the end is committed, nothing was sent',
  'take.call': 'the take was sent, its sessions are open and the absence is not recorded',
  'take.sessions': 'open sessions are ended, the absence is not recorded',
  'take.seen': 'the access was seen gone, and that it ended is recorded',
  'take.answered': 'the target refused the take, and its answer is recorded; no next try is dated',
  'look.seen': 'the look after the end saw it gone for good, and that is recorded',
  'look.reopened': 'the look after the end found it again, and that it is taken once more is recorded',
  'notice.owed': 'the notice before the end is owed as a mail, its work item still stands',
  'alarm.raised': 'that it is overdue is recorded and mails are owed, the work item still stands',
  'send.call': 'the mail was handed over, that is not recorded',
  'event.call': 'the job engine was told, that is not recorded',
  'seal.commit': 'entries are bound to the chain, nothing was told of it',
  'checkpoint.made': 'a checkpoint is signed and kept, nobody outside has it',
  'checkpoint.sent': 'a checkpoint is outside, that is not recorded',
  'remove.call': 'whoever held it without a right was taken out, that is not recorded',
  'drill.call': 'a removal drill gave or took, that is not recorded',
  'delivery.call': 'a system outside took entries, how far it got is not recorded',
} as const

export type Faultpoint = keyof typeof faultpoints
export const faultSides = ['before', 'after'] as const
export type FaultSide = (typeof faultSides)[number]

let passed = 0

/**
 * Dies here if the environment says so; costs a comparison otherwise. Read past the other settings, which commands
 * that change something need not have.
 */
export function faultpoint(name: Faultpoint, side: FaultSide): void {
  const wanted = process.env.FAULTPOINT
  if (!wanted) return
  const [at, on, how, time = '1'] = wanted.split(':')
  if (at !== name || on !== side || how !== 'kill') return
  passed += 1
  if (passed === Number(time)) process.kill(process.pid, 'SIGKILL')
}
