/** One thing that must happen at a time. */
export const workKinds = [
  'take',
  'alarm',
  'notice',
  'give',
  'look',
  'lapse',
  'escalate',
  'remind',
  'check',
  'send',
  'event',
  'probe',
  'sync',
  'drift',
  'drill',
  'remove',
  'checkpoint',
  'retention',
  'deliver',
  'review_remind',
  'review_due',
] as const
export type WorkKind = (typeof workKinds)[number]

/** Takes go first, then alarms; among equals the earlier due. */
export const workPriority: Record<WorkKind, number> = {
  take: 0,
  alarm: 1,
  notice: 2,
  lapse: 3,
  escalate: 3,
  review_due: 3,
  remind: 4,
  review_remind: 4,
  give: 4,
  remove: 4,
  send: 5,
  event: 5,
  look: 6,
  probe: 6,
  check: 6,
  sync: 7,
  drift: 7,
  drill: 7,
  checkpoint: 5,
  retention: 7,
  deliver: 6,
}

/** A machine's order: have this happen at that moment (re-dated if it stands already), or not at all any more. */
export type WorkOrder =
  | { readonly kind: WorkKind; readonly dueAt: Date }
  | { readonly kind: WorkKind; readonly cancel: true }

/** What a work item is about. */
export const workSubjects = [
  'grant',
  'request',
  'mail',
  'event',
  'organisation',
  'connection',
  'finding',
  'receiver',
  'access_review',
] as const
export type WorkSubject = (typeof workSubjects)[number]

/** What people do by hand: give and take where no connection does, and look afterwards at an emergency access. */
export const taskKinds = ['give', 'take', 'review'] as const
export type TaskKind = (typeof taskKinds)[number]
