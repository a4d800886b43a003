import { type Refusal, refuse } from './errors'
import type { Actor } from './timeline'

/** Facts about the object of a verb, loaded before the gate is asked. Absent means "plays no part". */
export interface GateFacts {
  /** Who asked, and whom it is for. */
  readonly askerId?: string
  readonly beneficiaryId?: string
  /** Every account of those two, where one person may have several. */
  readonly ownIds?: readonly string[]
  /** Who may decide on the step at hand (live), and on any step. */
  readonly approverIds?: readonly string[]
  /** The manager of whom it is for. */
  readonly managerId?: string | null
  /** Owners of the application concerned. */
  readonly ownerIds?: readonly string[]
  /** Members of the group that fulfils a task. */
  readonly fulfillerIds?: readonly string[]
  /** Whether the actor owns at least one application. */
  readonly ownsAny?: boolean
}

interface Question extends GateFacts {
  readonly me: string
  readonly admin: boolean
  readonly auditor: boolean
}

type Rule = (q: Question) => boolean

const anyone: Rule = () => true
const nobody: Rule = () => false
const admin: Rule = (q) => q.admin
const owner: Rule = (q) => q.admin || (q.ownerIds?.includes(q.me) ?? false)
const reader: Rule = (q) => q.admin || q.auditor
const ownerOrReader: Rule = (q) => owner(q) || q.auditor
const holder: Rule = (q) => q.beneficiaryId === q.me
const asker: Rule = (q) => q.askerId === q.me || q.beneficiaryId === q.me
/** The asker or the beneficiary, by whatever account. */
const self: Rule = (q) => asker(q) || (q.ownIds?.includes(q.me) ?? false)
const approver: Rule = (q) => (q.approverIds?.includes(q.me) ?? false) && !self(q)
const fulfiller: Rule = (q) =>
  q.beneficiaryId !== q.me && ((q.fulfillerIds?.includes(q.me) ?? false) || owner(q))

/**
 * The gate's table: which person may do what, from facts already loaded. What says `nobody` is left to the
 * product's own parts (`kind: 'system'`), which no rule holds back.
 */
export const rules = {
  'catalogue.see': anyone,
  'request.ask': (q) => holder(q) || q.admin || q.managerId === q.me,
  'request.edit': asker,
  'request.question': approver,
  'request.answer': asker,
  'request.reassign': (q) => q.admin && !self(q),
  'request.escalate': nobody,
  'request.see': (q) => asker(q) || (q.approverIds?.includes(q.me) ?? false) || ownerOrReader(q),
  'request.decide': approver,
  'request.withdraw': asker,
  'request.lapse': nobody,
  'grant.see': (q) => asker(q) || ownerOrReader(q),
  'grant.give': nobody,
  'grant.take': nobody,
  'grant.notify': nobody,
  'grant.extend': (q) => holder(q) || owner(q),
  'grant.give_again': (q) => holder(q) || owner(q),
  'grant.return': holder,
  'grant.revoke': owner,
  'grant.retry': owner,
  // By nobody whose access it is, by whatever account: they would call their own access gone.
  'grant.attest': (q) => owner(q) && !self(q),
  'grant.confirm_gone': (q) => ownerOrReader(q) && !self(q),
  'grants.list': (q) => reader(q) || (q.ownsAny ?? false),
  'task.see': (q) => fulfiller(q) || q.auditor,
  'task.complete': fulfiller,
  'review.complete': (q) => owner(q) && !self(q),
  'access_review.list': (q) => reader(q) || (q.ownsAny ?? false),
  'access_review.start': owner,
  'access_review.see': ownerOrReader,
  // The lines' reviewers are found live; never the holder, by whatever account.
  'access_review.decide': approver,
  'access_review.stop': owner,
  'access_review.close': nobody,
  'delegation.set': (q) => holder(q) || q.admin,
  'policy.list': (q) => reader(q) || (q.ownsAny ?? false),
  'policy.edit': admin,
  'policy.publish': admin,
  'application.list': (q) => reader(q) || (q.ownsAny ?? false),
  'application.see': ownerOrReader,
  'application.create': admin,
  'application.connect': admin,
  'application.owners': admin,
  'application.edit': owner,
  'application.freeze': owner,
  'application.take_back': owner,
  'finding.settle': owner,
  'entitlement.exclusive': admin,
  'connection.edit': admin,
  'connection.pause': admin,
  'connection.test': owner,
  // To say that somebody else's account is one's own would be a way to their access.
  'account.link': (q) => owner(q) && (!self(q) || (q.ownerIds?.includes(q.me) ?? false)),
  'account.propose': holder,
  'drill.set': admin,
  'drill.run': owner,
  // It only ends what would go on for ever, so one may do it to oneself.
  'grants.convert': owner,
  'people.list': (q) => reader(q) || (q.ownsAny ?? false),
  'person.grant_role': nobody,
  'person.set_role': admin,
  'person.deactivate': admin,
  'person.reactivate': admin,
  'person.create': admin,
  'person.edit': admin,
  'person.set_own': holder,
  'directory.import': admin,
  'person.take_back': admin,
  'person.erase': admin,
  'payloads.expire': nobody,
  'group.edit': admin,
  'person.provision': nobody,
  'group.provision': nobody,
  'scim.see': reader,
  'scim.connect': admin,
  'scim.revoke': admin,
  'separation.list': (q) => reader(q) || (q.ownsAny ?? false),
  'separation.edit': admin,
  'person.sign_in': nobody,
  'session.list': (q) => holder(q) || reader(q),
  'session.end': (q) => holder(q) || q.admin,
  'identity.forget': admin,
  'organisation.see': reader,
  'organisation.edit': admin,
  'organisation.sign_in': admin,
  'organisation.freeze': admin,
  'quarantine.see': admin,
  'quarantine.end': admin,
  'audit.see': reader,
  'audit.deliver': admin,
  'view.save': anyone,
} satisfies Record<string, Rule>

export type GateVerb = keyof typeof rules

/** What is said of a thing that is not there, and of one whose existence is none of the asker's business. */
export const NO_SUCH_THING = 'There is no such thing, or not any more'

/**
 * Who may know of what a verb is about. To everybody else the refusal says what an unknown id is told. Verbs that are
 * not here are about things that everybody knows of, or are refused before anybody looks whether the thing is there.
 */
const sight: Partial<Record<GateVerb, GateVerb>> = {
  'request.edit': 'request.see',
  'request.question': 'request.see',
  'request.answer': 'request.see',
  'request.reassign': 'request.see',
  'request.decide': 'request.see',
  'request.withdraw': 'request.see',
  'grant.extend': 'grant.see',
  'grant.give_again': 'grant.see',
  'grant.return': 'grant.see',
  'grant.revoke': 'grant.see',
  'grant.retry': 'grant.see',
  'grant.attest': 'grant.see',
  'grant.confirm_gone': 'grant.see',
  'grants.convert': 'grant.see',
  'task.complete': 'task.see',
  'review.complete': 'task.see',
  'access_review.start': 'application.see',
  'access_review.decide': 'access_review.see',
  'access_review.stop': 'access_review.see',
  'delegation.set': 'delegation.set',
  'application.edit': 'application.see',
  'application.freeze': 'application.see',
  'application.take_back': 'application.see',
  'connection.edit': 'application.see',
  'connection.pause': 'application.see',
  'connection.test': 'application.see',
  'entitlement.exclusive': 'application.see',
  'finding.settle': 'application.see',
  'account.link': 'application.see',
  'drill.set': 'application.see',
  'drill.run': 'application.see',
}

/**
 * What nobody does in a session that was left open: whoever could, would say who may ask for what, who rules here,
 * and where our keys go. It takes a fresh sign-in (`FRESH_SECONDS`). What stops harm (pausing, freezing, revoking,
 * ending sessions) is never in this list.
 */
export const freshVerbs: ReadonlySet<GateVerb> = new Set<GateVerb>([
  'policy.publish',
  'application.connect',
  'application.owners',
  'connection.edit',
  'person.set_role',
  'person.erase',
  'identity.forget',
  'organisation.sign_in',
  'scim.connect',
  'audit.deliver',
  'grant.attest',
  'grant.confirm_gone',
  'quarantine.end',
])

/**
 * May this actor do this? Returns the refusal, or null for yes. Callers: `apply`, `change` and the queries.
 * A deactivated person may do nothing, whatever they were. A refusal to somebody who may not even know of the thing
 * is `hidden`: it has the words of a thing that is not there, and leaves the product as `not_found`.
 */
export function authorize(actor: Actor, verb: GateVerb, facts: GateFacts): Refusal | null {
  if (actor.kind === 'system') return null
  if (!actor.active) return refuse('unauthenticated', 'This account is deactivated')
  if (!can(actor, verb, facts)) {
    const see = sight[verb]
    if (see && !can(actor, see, facts)) return { ...refuse('forbidden', NO_SUCH_THING), hidden: true }
    return refuse('forbidden', refusals[verb] ?? 'You may not do this')
  }
  if (freshVerbs.has(verb) && !actor.session?.fresh)
    return refuse(
      'sign_in_again',
      'This takes a sign-in of the last 15 minutes. Sign in again, then send it once more',
    )
  return null
}

/** The same table, asked by screens for which buttons to show. */
export function can(actor: Actor, verb: GateVerb, facts: GateFacts): boolean {
  if (actor.kind === 'system') return true
  if (!actor.active) return false
  return rules[verb]({ ...facts, me: actor.id, admin: actor.admin, auditor: actor.auditor })
}

const refusals: Partial<Record<GateVerb, string>> = {
  'request.ask': 'Only their manager or an admin asks for somebody else',
  'request.decide': 'You are not asked to decide on this request',
  'request.edit': 'Only who asked for it, or whom it is for, can change it',
  'request.question': 'You are not asked to decide on this request',
  'request.answer': 'Only who asked for it, or whom it is for, answers',
  'request.reassign': 'Only an admin says who decides instead, and never on their own request',
  'request.withdraw': 'Only the person who asked can withdraw a request',
  'grant.return': 'Only the holder can give an access back',
  'grant.revoke': 'Only an owner of the application or an admin can revoke it',
  'grant.retry': 'Only an owner of the application or an admin has it tried again',
  'grant.attest':
    'Only an owner of the application or an admin states that an access is gone, and never their own',
  'grant.confirm_gone':
    'Only another owner of the application, an admin or an auditor confirms it, and never their own',
  'grant.extend': 'Only the holder, an owner of the application or an admin can ask for more time',
  'review.complete': 'Only an owner of the application or an admin reviews it, and never their own',
  'access_review.start': 'Only an owner of the application or an admin starts an access review of it',
  'access_review.decide': 'You are not asked to review this access',
  'access_review.stop': 'Only an owner of the application or an admin calls an access review off',
  'task.complete': 'Only the people who fulfil this application by hand can complete its tasks',
  'delegation.set': 'Only the person themself, or an admin, says who decides in their place',
  'policy.edit': 'Only admins edit access policies',
  'policy.publish': 'Only admins publish access policies',
  'session.end': 'Only the person themself or an admin ends their sessions',
  'account.link':
    'Only an owner of the application or an admin says whose account it is, and no admin their own',
  'account.propose': 'Only the person themself names their account',
  'grants.convert': 'Only an owner of the application or an admin turns standing access into leases',
  'grant.give_again': 'Only the holder, an owner of the application or an admin has it given again',
  'finding.settle': 'Only an owner of the application or an admin settles what was found',
  'application.edit': 'Only an owner of the application or an admin can change it',
}
