import type { TimelineVerb } from './domain/timeline'

/**
 * Entries of the timeline as events of the Open Cybersecurity Schema Framework (https://schema.ocsf.io).
 * What OCSF has a class for is told in that class; everything else is Entity Management, whose activities are few, and
 * where none of them fits it is "Other" with our own verb as its name. Nothing is bent into a class that says more than
 * happened. The entry itself is kept whole in `unmapped`.
 */
export const OCSF_VERSION = '1.5.0'

/** What an event is made of; an entry with its names. */
export interface OcsfSource {
  readonly id: number
  readonly at: Date
  readonly verb: TimelineVerb
  readonly subjectType: string
  readonly subjectId: string
  readonly version: number
  readonly data: Readonly<Record<string, unknown>>
  readonly sentence: string
  /** A person, or the part of the product that did it. */
  readonly actor: OcsfPerson | null
  readonly system: string | null
  readonly object: string | null
  /** Whose access or account it is. */
  readonly person: OcsfPerson | null
  readonly application: { readonly id: string; readonly name: string } | null
  readonly entitlement: { readonly id: string; readonly name: string } | null
  /** Position in the chain; null while it is not sealed. */
  readonly seq: number | null
}

interface OcsfPerson {
  readonly id: string
  readonly name: string
  readonly email: string
}

interface Activity {
  readonly id: number
  readonly name: string
}

interface Class {
  readonly uid: number
  readonly name: string
  readonly activity: Activity
  readonly attributes: Record<string, unknown>
}

const user = ({ id, name, email }: OcsfPerson) => ({
  uid: id,
  name,
  email_addr: email,
  type_id: 1,
  type: 'User',
})

/** IAM is category 3; a class's number is the category's thousand and its own. */
const ACCOUNT_CHANGE = { uid: 3001, name: 'Account Change' }
const AUTHENTICATION = { uid: 3002, name: 'Authentication' }
const ENTITY_MANAGEMENT = { uid: 3004, name: 'Entity Management' }
const USER_ACCESS = { uid: 3005, name: 'User Access Management' }

/** Verbs that make, change or end the object itself. */
const entityActivities: Partial<Record<TimelineVerb, Activity>> = {
  asked: { id: 1, name: 'Create' },
  scheduled: { id: 1, name: 'Create' },
  task_opened: { id: 1, name: 'Create' },
  created: { id: 1, name: 'Create' },
  changed: { id: 3, name: 'Update' },
  edited: { id: 3, name: 'Update' },
  extended: { id: 3, name: 'Update' },
  published: { id: 3, name: 'Update' },
  secret_replaced: { id: 3, name: 'Update' },
  deleted: { id: 4, name: 'Delete' },
}

const given: Activity = { id: 1, name: 'Assign Privileges' }
const revoked: Activity = { id: 2, name: 'Revoke Privileges' }
/** What is said only once the access was seen there, or seen gone, or somebody vouches for either. */
const accessActivities: Partial<Record<TimelineVerb, Activity>> = {
  given,
  seen_absent: revoked,
  answered_absent: revoked,
}

function access(source: OcsfSource): Class | null {
  const activity = accessActivities[source.verb]
  const { person, entitlement, application } = source
  if (!activity || !person || !entitlement || !application) return null
  return {
    ...USER_ACCESS,
    activity,
    attributes: {
      user: user(person),
      privileges: [entitlement.name],
      resources: [{ uid: application.id, name: application.name, type: 'application' }],
    },
  }
}

const accountActivities: Partial<Record<TimelineVerb, Activity>> = {
  created: { id: 1, name: 'Create' },
  reactivated: { id: 2, name: 'Enable' },
  deactivated: { id: 5, name: 'Disable' },
}

function ofPerson(source: OcsfSource): Class | null {
  const { person, verb, data } = source
  if (source.subjectType !== 'person' || !person) return null
  if (verb === 'signed_in')
    return {
      ...AUTHENTICATION,
      activity: { id: 1, name: 'Logon' },
      attributes: { user: user(person), service: { name: 'Leasehold' }, is_remote: true },
    }
  if (verb === 'role_granted' || verb === 'role_taken')
    return {
      ...USER_ACCESS,
      activity: verb === 'role_taken' ? { id: 2, name: 'Revoke Privileges' } : { id: 3, name: 'Assign Role' },
      attributes: {
        user: user(person),
        privileges: [String(data.role ?? 'admin')],
        resources: [{ name: 'Leasehold', type: 'application' }],
      },
    }
  const activity = accountActivities[verb]
  return activity ? { ...ACCOUNT_CHANGE, activity, attributes: { user: user(person) } } : null
}

function entity(source: OcsfSource): Class {
  const { subjectType, subjectId, version, object, verb } = source
  return {
    ...ENTITY_MANAGEMENT,
    activity: entityActivities[verb] ?? { id: 99, name: verb },
    attributes: {
      entity: {
        uid: subjectId,
        type: subjectType,
        version: String(version),
        ...(object ? { name: object } : {}),
      },
    },
  }
}

/** Verbs whose entry says that something went wrong. */
const failures: ReadonlySet<TimelineVerb> = new Set(['failed', 'notice_failed', 'answered'])
/** What somebody should look at (3, Medium); everything else is information (1). */
const alarming: ReadonlySet<TimelineVerb> = new Set([
  'overdue',
  'reopened',
  'attesting',
  'attested',
  'needs_attention',
  'frozen',
  'taken_back',
  'quarantined',
])

/** One event. */
export function ocsfEvent(source: OcsfSource): Record<string, unknown> {
  const found = access(source) ?? ofPerson(source) ?? entity(source)
  const { activity, uid, name, attributes } = found
  const severe = alarming.has(source.verb)
  const failed = failures.has(source.verb) || source.data.ok === false
  return {
    activity_id: activity.id,
    activity_name: activity.name,
    category_uid: 3,
    category_name: 'Identity & Access Management',
    class_uid: uid,
    class_name: name,
    type_uid: uid * 100 + activity.id,
    type_name: `${name}: ${activity.id === 99 ? 'Other' : activity.name}`,
    severity_id: severe ? 3 : 1,
    severity: severe ? 'Medium' : 'Informational',
    status_id: failed ? 2 : 1,
    status: failed ? 'Failure' : 'Success',
    time: source.at.getTime(),
    message: source.sentence,
    actor: source.actor
      ? { user: user(source.actor) }
      : { app_name: `Leasehold ${source.system ?? ''}`.trim() },
    ...attributes,
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Leasehold', vendor_name: 'Leasehold' },
      uid: String(source.id),
      event_code: source.verb,
      log_name: 'audit',
      original_time: source.at.toISOString(),
      ...(source.seq === null ? {} : { sequence: source.seq }),
    },
    unmapped: {
      subject_type: source.subjectType,
      subject_id: source.subjectId,
      subject_version: source.version,
      data: source.data,
    },
  }
}
