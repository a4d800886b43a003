import type { ActingSession } from './sign-in'

/** What a timeline entry is about. The audit log is the union of all timelines. */
export const subjectTypes = [
  'request',
  'grant',
  'policy',
  'application',
  'connection',
  'person',
  'organisation',
  'task',
  'group',
  'separation',
  'scim_client',
  'access_review',
] as const
export type SubjectType = (typeof subjectTypes)[number]

/** Everything that can stand in a timeline; a closed list, one word per thing that happens. */
export const timelineVerbs = [
  // requests
  'asked',
  'agreed',
  'approved',
  'denied',
  'withdrawn',
  'lapsed',
  'edited',
  'question_asked',
  'question_answered',
  'escalated',
  'reassigned',
  'reminded',
  // grants
  'scheduled',
  'started',
  'found_standing',
  'giving',
  'given',
  'answered',
  'failed',
  'cancelled',
  'giving_again',
  'extended',
  'grace_given',
  'grace_over',
  'notice_sent',
  'notice_failed',
  'ending',
  'left_standing',
  'seen_absent',
  'answered_absent',
  'overdue',
  'settled',
  'reopened',
  'retry_asked',
  'attesting',
  'attested',
  // tasks
  'task_opened',
  'task_done',
  // what has no machine
  'created',
  'changed',
  'published',
  'archived',
  'deleted',
  'synced',
  'tested',
  'secret_replaced',
  'needs_attention',
  'holders_read',
  'adopted',
  'ignored',
  'removing',
  'removed',
  'role_granted',
  'role_taken',
  'deactivated',
  'reactivated',
  'imported',
  'signed_in',
  'signed_out',
  'delegated',
  'delegation_ended',
  'frozen',
  'unfrozen',
  'taken_back',
  'quarantined',
  'quarantine_ended',
  // provisioning clients
  'token_made',
  'token_revoked',
  'disconnected',
  // whose account it is
  'asked_whose',
  'proposed',
  'linked',
  'unlinked',
  // the removal drill
  'drill_set',
  'drilled',
  // what entries said was erased
  'erased',
  // access reviews
  'review_started',
  'review_kept',
  'review_removing',
  'review_escalated',
  'review_closed',
  'review_called_off',
] as const
export type TimelineVerb = (typeof timelineVerbs)[number]

/** Who did it: a person, in the session they act in, or a named part of the product. */
export type Actor =
  | {
      readonly kind: 'person'
      readonly id: string
      readonly admin: boolean
      readonly auditor: boolean
      readonly active: boolean
      /** Absent: they act in no session of a browser's, and nothing is known of how fresh their sign-in is. */
      readonly session?: ActingSession
    }
  | {
      readonly kind: 'system'
      /** `scim:` and the name of a provisioning client, for what the identity provider writes. */
      readonly name: 'engine' | 'command' | 'seed' | 'sign-in' | `scim:${string}`
    }

/** The provisioning client that a system's name is of; null where it is a part of the product. */
export function provisionerNamed(system: string | null): string | null {
  return system?.startsWith('scim:') ? system.slice('scim:'.length) : null
}
