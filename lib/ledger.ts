import { plus } from './domain/duration'
import { type GrantFacts, type GrantState, liveGrantStates, type TargetFacts } from './domain/grant'
import { overdueAt } from './domain/grant-end'
import type { ApprovalStep } from './domain/policy'
import type { Approval, RequestState, Verdict } from './domain/request'
import type { TimelineVerb } from './domain/timeline'
import type { WorkKind } from './domain/work'
import { callProblems, type LedgerCall } from './ledger-calls'
import { type LedgerParts, partsOf } from './ledger-parts'

/** A real change of who holds what in a target, at a moment of the domain's clock. */
export interface LedgerEffect {
  readonly at: Date
  readonly act: 'given' | 'taken'
  readonly entitlement: string
  readonly account: string
  /** The grant it was made for, where the target was told. */
  readonly grant?: string
}

export interface LedgerGrant
  extends Pick<
    GrantFacts,
    'state' | 'mode' | 'preexisting' | 'firstGiveAt' | 'grantedAt' | 'endsAt' | 'rightOverAt' | 'overdueSince'
  > {
  readonly id: string
  readonly version: number
  /** Ids in the target; no account before it was resolved, or where people give by hand. */
  readonly entitlement: string
  readonly account: string | null
  readonly target: Pick<TargetFacts, 'effectDelaySeconds' | 'taskSeconds'>
  /** It turned standing access into a lease. */
  readonly converts?: boolean
  readonly seenAbsentAt?: Date | null
  /** A newer give to the same person began: what is there now is the newer one's. */
  readonly superseded?: boolean
}

/** A removal drill: what it gives and takes is no grant's, and is told apart by the drill's own id. */
export interface LedgerDrill {
  readonly id: string
  /** What is set aside for it, by the target's ids. */
  readonly entitlement: string
  readonly account: string
}

/** Everything the invariants are about: what the target did, and what our record says. */
export interface Ledger {
  readonly now: Date
  readonly effects: readonly LedgerEffect[]
  /** Who holds what in the target now. */
  readonly held: readonly { readonly entitlement: string; readonly account: string }[]
  readonly grants: readonly LedgerGrant[]
  readonly drills?: readonly LedgerDrill[]
  readonly requests: readonly {
    readonly id: string
    readonly grantId: string | null
    readonly state: RequestState
    readonly version: number
    readonly decidedAt: Date | null
    readonly askerId: string
    readonly personId: string
    readonly approval: Approval
    readonly round: number
    readonly steps: readonly Pick<ApprovalStep, 'quorum'>[]
  }[]
  readonly decisions: readonly {
    readonly requestId: string
    readonly round: number
    readonly step: number
    readonly personId: string
    readonly forId: string | null
    readonly verdict: Verdict
  }[]
  readonly timeline: readonly {
    readonly subjectId: string
    readonly version: number
    readonly verb: TimelineVerb
    readonly at: Date
    readonly data?: Readonly<Record<string, unknown>>
  }[]
  readonly mails: readonly {
    readonly occasion: string
    readonly recipient: string
    readonly kind: string
    readonly grantId: string | null
    readonly sentAt: Date | null
    /** For an expiry notice: the end it is about. */
    readonly endsAt: Date | null
  }[]
  readonly work: readonly {
    readonly kind: WorkKind
    readonly subjectId: string
    readonly dueAt: Date
    /** When the last try began, and before when no other does. Unshifted time. */
    readonly triedAt?: Date | null
    readonly notBefore?: Date | null
  }[]
  /** Findings that are open, by grant. */
  readonly findings: readonly { readonly grantId: string | null }[]
  /** Our own log of calls to targets. */
  readonly calls?: readonly LedgerCall[]
  /** The unshifted present, and minutes in which some engine is known to have been at work. */
  readonly wall?: Date
  readonly awakeAt?: readonly Date[]
}

/**
 * Holds a record against the invariants of the domain that a record can show: I1, I2, I3, I4, I6, I7, I8, I9, I10,
 * I11. I5 is `verifyChain`'s, and I12 no matter of a record. Where the target's journal is not at hand, what it would
 * show is taken from our own log of calls. The answer is every violation in words, each beginning with the invariant's name; empty means sound.
 */
export function violations(ledger: Ledger): string[] {
  const parts = partsOf(ledger)
  return [
    ...ledger.effects.flatMap((effect) => effectProblems(parts.ofEffect(effect), effect)),
    ...ledger.grants.flatMap((grant) => {
      const own = parts.ofGrant(grant)
      return [
        ...intervalProblems(own, grant),
        ...lateProblems(own, grant),
        ...armedProblems(own, grant),
        ...stateProblems(grant, own.timeline),
        ...endedProblems(own, grant),
        ...alarmProblems(own, grant, own.timeline),
        ...callProblems(own, grant),
      ]
    }),
    ...ledger.requests.flatMap((request) => approvalProblems(parts.ofRequest(request), request)),
    ...versionProblems(ledger, parts.entriesOf),
    ...mailProblems(ledger),
  ]
}

type Entry = Ledger['timeline'][number]

const sameAccess = (a: { entitlement: string; account: string | null }, b: typeof a) =>
  a.entitlement === b.entitlement && a.account === b.account

/** The grant an effect belongs to: the one the target was told, else the last on this access that had begun. */
function grantOf(ledger: Ledger, effect: LedgerEffect): LedgerGrant | undefined {
  if (effect.grant) return ledger.grants.find((grant) => grant.id === effect.grant)
  return ledger.grants
    .filter(
      (grant) => sameAccess(grant, effect) && grant.firstGiveAt !== null && grant.firstGiveAt <= effect.at,
    )
    .sort((a, b) => Number(a.firstGiveAt) - Number(b.firstGiveAt))
    .at(-1)
}

/**
 * Whether a take was the removal of somebody who held it without a right: ordered by name, in a timeline, before it
 * was made. No grant explains such a one.
 */
function wasOrdered({ timeline }: Ledger, effect: LedgerEffect): boolean {
  if (effect.act !== 'taken') return false
  return timeline.some(({ verb, at, data }) => {
    if (verb !== 'removing' || at > effect.at || !Array.isArray(data?.removals)) return false
    return data.removals.some(
      (one: { findingId?: string; entitlement?: string; account?: string }) =>
        one.entitlement === effect.entitlement &&
        one.account === effect.account &&
        (effect.grant === undefined || effect.grant === one.findingId),
    )
  })
}

/** I2, I9, I11: every change in a target was agreed to, written down before it was made, and ours to make. */
function effectProblems(ledger: Ledger, effect: LedgerEffect): string[] {
  const what = `${effect.entitlement} was ${effect.act === 'given' ? 'given to' : 'taken from'} ${effect.account} at ${effect.at.toISOString()}`
  const drill = ledger.drills?.find((one) => one.id === effect.grant)
  if (drill)
    return sameAccess(drill, effect)
      ? []
      : [
          `${effect.act === 'given' ? 'I2' : 'I11'}: ${what} by a removal drill, for which it is not set aside`,
        ]
  if (wasOrdered(ledger, effect)) return []
  const grant = grantOf(ledger, effect)
  if (!grant) return [`${effect.act === 'given' ? 'I2' : 'I11'}: ${what} without any grant of it`]
  const problems: string[] = []
  const before = ledger.timeline.filter((entry) => entry.subjectId === grant.id && entry.at <= effect.at)
  if (effect.act === 'given') {
    const agreed = ledger.requests.some(
      (r) =>
        r.grantId === grant.id && r.state === 'approved' && r.decidedAt !== null && r.decidedAt <= effect.at,
    )
    if (!agreed) problems.push(`I2: ${what} under grant ${grant.id}, which nobody had approved`)
    if (!before.some((entry) => entry.verb === 'giving'))
      problems.push(`I9: ${what} before grant ${grant.id} had the intent to give on record`)
  } else {
    if (!before.some((entry) => entry.verb === 'ending' || entry.verb === 'reopened'))
      problems.push(`I9: ${what} before grant ${grant.id} had its end on record`)
    if (grant.preexisting || grant.firstGiveAt === null)
      problems.push(`I11: ${what} under grant ${grant.id}, though it was not given by us`)
  }
  return problems
}

/** I3: what people approved had its quorum of different people on each step, and nobody decided on their own. */
function approvalProblems(ledger: Ledger, request: Ledger['requests'][number]): string[] {
  const { decisions } = ledger
  const own = [request.askerId, request.personId]
  const cast = decisions.filter((d) => d.requestId === request.id && d.round === request.round)
  const seats = cast.map((d) => d.forId ?? d.personId)
  const problems: string[] = []
  if (cast.some((d) => own.includes(d.personId)) || seats.some((id) => own.includes(id)))
    problems.push(`I3: somebody decided on request ${request.id}, which is their own`)
  if (new Set(seats).size < seats.length || new Set(cast.map((d) => d.personId)).size < cast.length)
    problems.push(`I3: somebody counts twice on request ${request.id}`)
  problems.push(...conversionProblems(ledger, request))
  if (request.state !== 'approved' || request.approval !== 'people') return problems
  request.steps.forEach(({ quorum }, i) => {
    const yes = cast.filter((d) => d.step === i && d.verdict === 'approve').length
    if (yes < (quorum === 'all' ? 1 : quorum))
      problems.push(`I3: request ${request.id} is approved, and step ${i + 1} has ${yes} of ${quorum}`)
  })
  return problems
}

/**
 * I3: nobody has to agree that standing access ends, so a conversion begins on nothing but what was held directly, and
 * nothing else is agreed to in this way.
 */
function conversionProblems({ grants, timeline }: Ledger, request: Ledger['requests'][number]): string[] {
  const grant = grants.find((one) => one.id === request.grantId)
  const conversion = request.approval === 'conversion'
  if (!grant || (!conversion && !grant.converts)) return []
  if (!conversion || !grant.converts) return [`I3: grant ${grant.id} is a conversion on one side only`]
  const begun = timeline.find((entry) => entry.subjectId === grant.id && entry.verb === 'giving')
  return begun && begun.data?.baseline !== 'direct'
    ? [`I3: conversion ${grant.id} began on what was not held directly`]
    : []
}

/** I1: what we gave was held inside [first give, right over] plus the lateness that is not yet an alarm. */
function intervalProblems(ledger: Ledger, grant: LedgerGrant): string[] {
  const over = grant.rightOverAt ?? grant.endsAt
  const mine = ledger.effects.filter((effect) => sameAccess(effect, grant))
  return mine.flatMap((effect, i) => {
    if (effect.act !== 'given' || grantOf(ledger, effect) !== grant) return []
    const problems: string[] = []
    if (!grant.firstGiveAt || effect.at < grant.firstGiveAt)
      problems.push(`I1: grant ${grant.id} was held before its first give`)
    const next = mine[i + 1]
    const stillHeld = !next && ledger.held.some((holding) => sameAccess(holding, grant))
    // Two gives in a row, or gone without a take of ours: somebody else took it, nobody knows when.
    const until = next?.act === 'taken' ? next.at : stillHeld ? ledger.now : null
    if (over && until && until > overdueAt(over, grant.target) && !saidOverdue(ledger, grant))
      problems.push(
        `I1: grant ${grant.id} was held until ${until.toISOString()}, ${Math.round((Number(until) - Number(over)) / 1000)} s after its right was over, and the record does not say so`,
      )
    return problems
  })
}

/** I1: what was seen gone later than the bound is said to have been. By hand, that is the due time of the task then. */
function lateProblems(ledger: Ledger, grant: LedgerGrant): string[] {
  const { rightOverAt: over, seenAbsentAt: seen } = grant
  const asked = grant.state === 'ended' && grant.target.taskSeconds === null
  if (!asked || !over || !seen || seen <= overdueAt(over, grant.target) || saidOverdue(ledger, grant))
    return []
  // Stated by people, and looked at hours later: when it was gone nobody saw.
  if (ledger.timeline.some((entry) => entry.subjectId === grant.id && entry.verb === 'attested')) return []
  return [
    `I1: grant ${grant.id} was seen gone at ${seen.toISOString()}, ${Math.round((Number(seen) - Number(over)) / 1000)} s after its right was over, and the record does not say so`,
  ]
}

function saidOverdue(ledger: Ledger, grant: LedgerGrant): boolean {
  return ledger.timeline.some(
    (entry) => entry.subjectId === grant.id && (entry.verb === 'overdue' || entry.data?.wasOverdue === true),
  )
}

/** I1: whatever the target may hold because of a grant has its take armed, at its end or at once. */
function armedProblems({ work }: Ledger, grant: LedgerGrant): string[] {
  const live = (liveGrantStates as readonly GrantState[]).includes(grant.state)
  const begun = grant.firstGiveAt !== null || grant.preexisting
  if (!live || !begun || (grant.mode === 'permanent' && grant.state !== 'revoking')) return []
  const take = work.find((item) => item.kind === 'take' && item.subjectId === grant.id)
  if (!take) return [`I1: grant ${grant.id} is ${grant.state} and nothing is armed to take it back`]
  // By hand, a take that stands open is looked after hourly; its due time moves with that.
  const due = grant.target.taskSeconds === null && grant.state !== 'revoking' ? grant.endsAt : null
  if (due && take.dueAt > due)
    return [
      `I1: the take of grant ${grant.id} is armed for ${take.dueAt.toISOString()}, after its end ${due.toISOString()}`,
    ]
  return []
}

/** What a grant is after an entry with this verb; verbs that are not here change no state. */
const leadsTo: Partial<Record<TimelineVerb, readonly GrantState[]>> = {
  scheduled: ['scheduled'],
  started: ['provisioning'],
  given: ['active'],
  giving_again: ['provisioning'],
  found_standing: ['active'],
  failed: ['failed'],
  cancelled: ['failed', 'ended'],
  ending: ['revoking'],
  reopened: ['revoking'],
  left_standing: ['ended'],
  seen_absent: ['ended'],
  answered_absent: ['ended'],
  attested: ['ended'],
}

/** I4: the state is the one its last transition on record led to. */
function stateProblems(grant: LedgerGrant, entries: readonly Entry[]): string[] {
  const last = [...entries].sort((a, b) => a.version - b.version).findLast((entry) => leadsTo[entry.verb])
  if (last && leadsTo[last.verb]?.includes(grant.state)) return []
  return [`I4: grant ${grant.id} is ${grant.state}, and its timeline ends with ${last?.verb ?? 'nothing'}`]
}

/** I4: versions of everything with a machine are 1, 2, 3 … up to the row's own, each once. */
function versionProblems({ grants, requests }: Ledger, entriesOf: LedgerParts['entriesOf']): string[] {
  const rows = [
    ...grants.map((row) => ['grant', row] as const),
    ...requests.map((row) => ['request', row] as const),
  ]
  return rows.flatMap(([kind, row]) => {
    const versions = entriesOf(row.id).map((e) => e.version)
    const expected = Array.from({ length: row.version }, (_, i) => i + 1)
    const sorted = versions.sort((a, b) => a - b)
    if (sorted.length === expected.length && sorted.every((version, i) => version === expected[i])) return []
    return [
      `I4: ${kind} ${row.id} is at version ${row.version} and has entries ${sorted.join(', ') || 'none'}`,
    ]
  })
}

/** I6: what an ended grant gave is not there any more, unless somebody was told or will look. */
function endedProblems(ledger: Ledger, grant: LedgerGrant): string[] {
  if ((grant.state !== 'ended' && grant.state !== 'failed') || grant.preexisting) return []
  const last = ledger.effects.filter((effect) => sameAccess(effect, grant)).at(-1)
  if (last?.act !== 'given' || grantOf(ledger, last) !== grant) return []
  if (!ledger.held.some((holding) => sameAccess(holding, grant))) return []
  const known = ledger.findings.some((finding) => finding.grantId === grant.id)
  const watched = ledger.work.some((item) => item.kind === 'look' && item.subjectId === grant.id)
  return known || watched
    ? []
    : [`I6: grant ${grant.id} is ${grant.state} and ${grant.account} still holds ${grant.entitlement}`]
}

/**
 * I7: whatever is overdue has been said: an entry and a mail, or the alarm stands armed for that moment, as it does
 * from when the end is known.
 */
function alarmProblems(ledger: Ledger, grant: LedgerGrant, entries: readonly Entry[]): string[] {
  const alarmMail = ledger.mails.some((mail) => mail.kind === 'could-not-remove' && mail.grantId === grant.id)
  if (grant.overdueSince) {
    const problems: string[] = []
    if (!entries.some((entry) => entry.verb === 'overdue'))
      problems.push(`I7: grant ${grant.id} is overdue and its timeline does not say so`)
    if (!alarmMail) problems.push(`I7: grant ${grant.id} is overdue and nobody was written to`)
    return problems
  }
  const over = alarmFrom(grant)
  if (!over) return []
  const due = overdueAt(over, grant.target)
  const armed = ledger.work.some(
    (w) => w.kind === 'alarm' && w.subjectId === grant.id && w.dueAt <= plus(due, 1),
  )
  return armed
    ? []
    : [`I7: grant ${grant.id} is ${grant.state} and no alarm is armed for ${due.toISOString()}`]
}

/** The moment the right of something that we gave, or may have given, is over; null where nothing is to be taken. */
function alarmFrom(grant: LedgerGrant): Date | null {
  if (grant.state === 'revoking') return grant.rightOverAt
  const live = grant.state === 'provisioning' || grant.state === 'active'
  return live && !grant.preexisting && grant.firstGiveAt !== null ? grant.endsAt : null
}

/** I10: one mail for each occasion and recipient; one notice for each end, and none after it. */
function mailProblems({ mails }: Ledger): string[] {
  const problems: string[] = []
  const seen = new Set<string>()
  for (const mail of mails) {
    const notice = mail.kind === 'expiry-notice'
    const keys = [`the occasion ${mail.occasion}`]
    if (notice) keys.push(`the end ${mail.endsAt?.toISOString()} of grant ${mail.grantId}`)
    for (const key of keys) {
      const once = `${key} to ${mail.recipient}`
      if (seen.has(once)) problems.push(`I10: more than one mail for ${once}`)
      seen.add(once)
    }
    if (notice && mail.sentAt && mail.endsAt && mail.sentAt >= mail.endsAt)
      problems.push(`I10: the notice of grant ${mail.grantId} went out after its end`)
  }
  return problems
}
