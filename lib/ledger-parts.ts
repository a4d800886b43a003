import type { Ledger, LedgerEffect, LedgerGrant } from './ledger'

/** Somebody's access by the target's own ids. */
interface Access {
  readonly entitlement: string
  readonly account: string | null
}

/** Parts of a ledger, each with all that the rules about one thing ask of it. */
export interface LedgerParts {
  entriesOf(subjectId: string): Ledger['timeline']
  ofGrant(grant: LedgerGrant): Ledger
  ofEffect(effect: LedgerEffect): Ledger
  ofRequest(request: Ledger['requests'][number]): Ledger
}

const keyOf = ({ entitlement, account }: Access) => JSON.stringify([entitlement, account])

/** Rows by what they are about; rows about nothing in particular are left out. */
function grouped<T>(rows: readonly T[], about: (row: T) => string | null) {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = about(row)
    const group = key === null ? undefined : groups.get(key)
    if (group) group.push(row)
    else if (key !== null) groups.set(key, [row])
  }
  return (key: string | null | undefined): readonly T[] => groups.get(key ?? '') ?? []
}

/** Sorts a ledger once, so that looking at each of ten thousand grants does not go through all of it each time. */
export function partsOf(ledger: Ledger): LedgerParts {
  const entriesOf = grouped(ledger.timeline, (one) => one.subjectId)
  const removals = ledger.timeline.filter((one) => one.verb === 'removing')
  const grantsBy = grouped(ledger.grants, (one) => one.id)
  const grantsOn = grouped(ledger.grants, keyOf)
  const effectsOn = grouped(ledger.effects, keyOf)
  const heldOn = grouped(ledger.held, keyOf)
  const drillsBy = grouped(ledger.drills ?? [], (one) => one.id)
  const requestsOf = grouped(ledger.requests, (one) => one.grantId)
  const decisionsOf = grouped(ledger.decisions, (one) => one.requestId)
  const mailsOf = grouped(ledger.mails, (one) => one.grantId)
  const workOf = grouped(ledger.work, (one) => one.subjectId)
  const findingsOf = grouped(ledger.findings, (one) => one.grantId)
  const callsOf = grouped(ledger.calls ?? [], (one) => one.grantId)
  return {
    entriesOf,
    ofGrant(grant) {
      const effects = effectsOn(keyOf(grant))
      return {
        ...ledger,
        effects,
        held: heldOn(keyOf(grant)),
        // A target may have been told of a grant of somebody else.
        grants: [...grantsOn(keyOf(grant)), ...effects.flatMap((effect) => grantsBy(effect.grant))],
        requests: requestsOf(grant.id),
        timeline: entriesOf(grant.id),
        mails: mailsOf(grant.id),
        work: workOf(grant.id),
        findings: findingsOf(grant.id),
        calls: callsOf(grant.id),
      }
    },
    ofEffect(effect) {
      const grants = effect.grant ? grantsBy(effect.grant) : grantsOn(keyOf(effect))
      return {
        ...ledger,
        grants,
        drills: drillsBy(effect.grant),
        requests: grants.flatMap((grant) => requestsOf(grant.id)),
        timeline: [...grants.flatMap((grant) => entriesOf(grant.id)), ...removals],
      }
    },
    ofRequest(request) {
      return {
        ...ledger,
        grants: grantsBy(request.grantId),
        decisions: decisionsOf(request.id),
        timeline: entriesOf(request.grantId ?? ''),
      }
    },
  }
}
