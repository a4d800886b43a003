import type { IconName } from '@/components/ui/icon'
import type { SubjectType, TimelineVerb } from './domain/timeline'

/** What an entry can be about, as the audit log calls it, with its icon. What is not here goes by its own name. */
const kinds: Partial<Record<string, { label: string; icon: IconName }>> = {
  request: { label: 'Request', icon: 'send' },
  grant: { label: 'Grant', icon: 'key' },
  policy: { label: 'Policy', icon: 'scroll-text' },
  application: { label: 'Application', icon: 'boxes' },
  connection: { label: 'Connection', icon: 'plug' },
  person: { label: 'Person', icon: 'user' },
  organisation: { label: 'Organisation', icon: 'building' },
  task: { label: 'Task', icon: 'hand' },
  group: { label: 'Group', icon: 'network' },
  separation: { label: 'Separation of duties', icon: 'split' },
  scim_client: { label: 'Identity provider', icon: 'plug' },
  access_review: { label: 'Access review', icon: 'list-checks' },
}

/** A kind of object in words. */
export const kindLabel = (type: SubjectType): string => kinds[type]?.label ?? spelled(type)
export const kindIcon = (type: SubjectType): IconName => kinds[type]?.icon ?? 'file-text'

/** Verbs that say too little alone, or the wrong thing. */
const verbs: Partial<Record<TimelineVerb, string>> = {
  agreed: 'Agreed to one step',
  approved: 'Agreed to',
  found_standing: 'Found held before',
  giving: 'Giving began',
  given: 'Seen given',
  answered: 'The target answered with trouble',
  failed: 'Could not be given',
  cancelled: 'Cancelled before it was given',
  ending: 'The end',
  left_standing: 'Left standing at the end',
  answered_absent: 'Answered as gone',
  settled: 'Looked again, still absent',
  reopened: 'Found again after its end',
  retry_asked: 'Tried again on request',
  attesting: 'Stated to be gone',
  attested: 'Attested as gone',
  holders_read: 'Holders read',
  adopted: 'Adopted as standing',
  ignored: 'Finding left be',
  removing: 'Removing without a right',
  removed: 'Removed without a right',
  role_granted: 'Role given',
  role_taken: 'Role taken',
  imported: 'File imported',
  taken_back: 'Everything taken back',
  asked_whose: 'Asked whose account it is',
  proposed: 'Account named',
  linked: 'Account linked',
  unlinked: 'Account unlinked',
  drill_set: 'Removal drill set',
  drilled: 'Removal drill run',
  erased: 'Details erased',
  review_started: 'Access review started',
  review_kept: 'Kept in an access review',
  review_removing: 'Removed in an access review',
  review_escalated: 'Access review went to the owners',
  review_closed: 'Access review closed',
  review_called_off: 'Access review called off',
  delegated: 'Substitute named',
  delegation_ended: 'Substitute ended',
}

/** A verb in words, for choosing it. */
export const verbLabel = (verb: TimelineVerb): string => verbs[verb] ?? spelled(verb)

function spelled(name: string): string {
  const words = name.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
