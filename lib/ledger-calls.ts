import { plus } from './domain/duration'
import type { Ledger, LedgerGrant } from './ledger'

/** One call to a target for a grant, as our own log keeps it. Unshifted time, of the process that called. */
export interface LedgerCall {
  readonly grantId: string
  readonly operation: string
  readonly startedAt: Date
  readonly tookMs: number
  /** What was answered in a word, or the code of the error. */
  readonly outcome: string
}

/** Seconds from one try to take to the next that may be dated: while the target answers as it should, and at all. */
const HEALTHY_GAP = 60
const LONGEST_GAP = 15 * 60
/** Seconds from being claimed to being called, and back. */
const HANDLING = 60

/**
 * What the log of our own calls shows, where the target's journal is not at hand: I2, I9 and I11 by who was called for
 * at all, I6 by what the target said last, I8 by when takes were tried and when they will be. It says nothing of what
 * others changed in the target.
 */
export function callProblems(ledger: Ledger, grant: LedgerGrant): string[] {
  const calls = (ledger.calls ?? [])
    .filter((call) => call.grantId === grant.id)
    .sort((a, b) => Number(a.startedAt) - Number(b.startedAt))
  return [
    ...orderProblems(ledger, grant, calls),
    ...stillThereProblems(ledger, grant, calls),
    ...datedProblems(ledger, grant, calls),
    ...gapProblems(ledger, grant, calls),
  ]
}

const called = (calls: readonly LedgerCall[], operation: string) =>
  calls.some((call) => call.operation === operation)
const isTake = ({ operation }: LedgerCall) => operation === 'revoke' || operation === 'revoke.poll'

function orderProblems(ledger: Ledger, grant: LedgerGrant, calls: readonly LedgerCall[]): string[] {
  const problems: string[] = []
  const has = (...verbs: string[]) =>
    ledger.timeline.some((entry) => entry.subjectId === grant.id && verbs.includes(entry.verb))
  if (called(calls, 'grant')) {
    if (!ledger.requests.some((r) => r.grantId === grant.id && r.state === 'approved'))
      problems.push(`I2: a give was sent for grant ${grant.id}, which nobody had approved`)
    if (!has('giving'))
      problems.push(`I9: a give was sent for grant ${grant.id} without the intent to give on record`)
  }
  if (called(calls, 'revoke')) {
    if (!has('ending', 'reopened'))
      problems.push(`I9: a take was sent for grant ${grant.id} without its end on record`)
    if (grant.preexisting || grant.firstGiveAt === null)
      problems.push(`I11: a take was sent for grant ${grant.id}, though it was not given by us`)
  }
  return problems
}

/** I6: the last thing the target said of an ended grant that we gave is not that it is there. */
function stillThereProblems(ledger: Ledger, grant: LedgerGrant, calls: readonly LedgerCall[]): string[] {
  const over = grant.state === 'ended' || grant.state === 'failed'
  const ours = called(calls, 'grant') || grant.converts === true
  const last = calls.findLast((call) => call.operation === 'check' && !isError(call.outcome))
  if (!over || grant.preexisting || grant.superseded || !ours || last?.outcome !== 'direct') return []
  const known = ledger.findings.some((finding) => finding.grantId === grant.id)
  const watched = ledger.work.some((item) => item.kind === 'look' && item.subjectId === grant.id)
  return known || watched
    ? []
    : [
        `I6: grant ${grant.id} is ${grant.state}, and the target said last, at ${last.startedAt.toISOString()}, that it is held`,
      ]
}

const answers = /^(?:done|pending|absent|direct|indirect|\d+ ended)/
const isError = (outcome: string) => !answers.test(outcome) && outcome !== 'unknown'

/** I8: the next try of a take that is due is dated within the gap after the last. A hold by its connection aside. */
function datedProblems(ledger: Ledger, grant: LedgerGrant, calls: readonly LedgerCall[]): string[] {
  const { wall, work } = ledger
  const take = work.find((item) => item.kind === 'take' && item.subjectId === grant.id)
  if (grant.state !== 'revoking' || !wall || !take?.triedAt || !take.notBefore) return []
  const { triedAt, notBefore } = take
  const lastTry = calls.filter((call) => call.startedAt >= plus(triedAt, -HANDLING))
  const healthy = lastTry.length > 0 && lastTry.every((call) => answers.test(call.outcome))
  const gap = healthy ? HEALTHY_GAP : LONGEST_GAP
  // A target that hangs longer than the gap gets a breath all the same.
  const ended = lastTry.map((call) => plus(call.startedAt, call.tookMs / 1000 + 2))
  const latest = [plus(triedAt, gap + 1), plus(wall, 2), ...ended]
    .sort((a, b) => Number(a) - Number(b))
    .at(-1)
  return latest && notBefore > latest
    ? [
        `I8: the take of grant ${grant.id} was tried at ${triedAt.toISOString()} and is put off until ${notBefore.toISOString()}, longer than ${gap} s`,
      ]
    : []
}

/**
 * I8: between two tries of a take that was due, and since the last, no more than the longest gap went by in which the
 * engine was at work. While no engine ran nobody could try; that is an outage, and not told here.
 */
function gapProblems(ledger: Ledger, grant: LedgerGrant, calls: readonly LedgerCall[]): string[] {
  const { awakeAt = [], wall } = ledger
  // Whoever attested ended the tries, and what was found again later began others.
  if (ledger.timeline.some((entry) => entry.subjectId === grant.id && entry.verb === 'attested')) return []
  const tries = calls.filter(isTake)
  return tries.flatMap((one, i) => {
    const next = tries[i + 1]?.startedAt ?? (grant.state === 'revoking' ? wall : undefined)
    if (!next || next <= plus(one.startedAt, LONGEST_GAP + HANDLING)) return []
    const during = calls.filter((call) => call.startedAt >= one.startedAt && call.startedAt < next)
    const over = during.some(
      (call) => call.operation === 'check' && (call.outcome === 'absent' || call.outcome === 'indirect'),
    )
    const answered = during.every((call) => isTake(call) && call.outcome.startsWith('done'))
    if (over || answered) return []
    const minutes = awakeAt.filter((at) => at > one.startedAt && at < next).length
    return minutes * 60 > LONGEST_GAP + HANDLING
      ? [
          `I8: the take of grant ${grant.id} was tried at ${one.startedAt.toISOString()} and not again by ${next.toISOString()}, though the engine was at work`,
        ]
      : []
  })
}
