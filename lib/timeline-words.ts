import type { TimelineVerb } from '@/lib/domain/timeline'
import { answerWords } from './outcome-words'
import { connectionTellers } from './timeline-connection-words'
import { driftTellers } from './timeline-drift-words'
import {
  clock,
  late,
  length,
  number,
  quoted,
  sentences,
  type TimelineEntryView,
  type TimelineIcon,
  type TimelinePlace,
  type TimelineWords,
  target,
  text,
} from './timeline-parts'
import { reviewTellers } from './timeline-review-words'

export type { TimelineEntryView, TimelineIcon, TimelinePlace, TimelineWords } from './timeline-parts'

type Words = Omit<TimelineWords, 'who'> & { who?: string | null }
type Teller = (entry: TimelineEntryView, place: TimelinePlace) => Words

/** Turns one entry into a sentence. Every verb of the closed list has one. */
export function timelineWords(entry: TimelineEntryView, place: TimelinePlace): TimelineWords {
  const { who, ...words } = (entry.data.erased === true ? erased : tellers[entry.verb])(entry, place)
  // An explicit null says that the sentence carries its own subject.
  const subject = who === undefined ? (entry.actorName ?? 'Leasehold') : who
  return subject ? { ...words, who: subject } : words
}

/** An entry whose payload was erased: who, when and what kind of thing are all that is left of it. */
const erased: Teller = ({ verb }) => ({
  icon: 'file-text',
  tone: 'off',
  text: verb.replaceAll('_', ' '),
  detail: 'What else this entry said was erased.',
})

function vote({ data }: TimelineEntryView, place: TimelinePlace): string {
  const step = number(data.step)
  const which = step !== undefined && (place.steps ?? 1) > 1 ? `, step ${step + 1} of ${place.steps}` : ''
  return `${place.extension ? ' to the extension' : ''}${inPlace(data)}${which}`
}

/** ", in place of Ben Okafor": a substitute's vote. */
const inPlace = (data: TimelineEntryView['data']): string =>
  text(data.forName) ? `, in place of ${text(data.forName)}` : ''

const narrowed = ({ data }: TimelineEntryView, place: TimelinePlace) =>
  sentences(
    data.shortened ? `Shortened to ${length(data.seconds)}.` : undefined,
    clock(data.startAt, place) && `To start ${clock(data.startAt, place)}.`,
  )

/** Rules of separation of duties that brought one more step in that moment; an emergency does not wait for it. */
function oneMore({ separation, emergency }: TimelineEntryView['data']): string | undefined {
  const rules = Array.isArray(separation) ? separation : []
  if (rules.length === 0) return undefined
  const lead = emergency
    ? 'Separation of duties would ask for one more approval, which an emergency does not wait for'
    : 'Separation of duties asks for one more approval'
  return `${lead}: ${rules.join(', ')}.`
}

const lapsedBecause: Record<string, string> = {
  time: 'Nobody decided in time.',
  nobody_left: 'Nobody was left who could agree.',
  grant_ended: 'The access it would have extended had ended.',
  left: 'Whoever it was for was deactivated.',
  policy_changed: 'The access policy changed, and it has to be asked for anew.',
}

/** Why a request lapsed, as its entry has it. */
export const lapseWords = (why: unknown): string =>
  lapsedBecause[text(why) ?? 'time'] ?? 'Nobody decided in time.'

const ended: Record<string, string> = {
  expired: 'The right is over',
  revoked: 'revoked it',
  returned: 'gave it back',
  withdrawn: 'withdrew it',
  left: 'The holder was deactivated',
  attested: 'It was attested as gone',
}

/** An expiry or a leaver has no doer; what a person did carries that person's name. */
function endingWords(entry: TimelineEntryView, noun: string): Pick<Words, 'who' | 'text' | 'detail'> {
  const reason = text(entry.data.reason) ?? 'expired'
  const detail = sentences(quoted(entry.data.note), text(entry.data.why))
  if (reason === 'expired') return { who: 'The end.', text: 'The right is over', detail }
  if (reason === 'left') return { who: null, text: ended.left ?? '', detail }
  return { text: `${(ended[reason] ?? 'ended it').replace(/\bit\b/, noun)}`, detail }
}

const baselineWords: Record<string, string> = {
  absent: 'Seen without it first.',
  direct: 'Held it before; it is a lease from now on.',
  indirect: 'Held it before through something else, which stays.',
}

const gone = (entry: TimelineEntryView, place: TimelinePlace, verified: boolean): Words => {
  const { data } = entry
  const sessions = number(data.sessionsEnded)
  const ms = number(data.lateMs)
  return {
    icon: 'shield-check',
    tone: verified ? 'ok' : 'warn',
    who: data.byHand ? undefined : verified ? 'Seen absent' : 'Answered as gone',
    text: data.byHand ? `took it out of ${target(place)} by hand` : `in ${target(place)}`,
    detail: sentences(
      quoted(data.evidence),
      sessions ? `${sessions} ${sessions === 1 ? 'session' : 'sessions'} ended.` : undefined,
      text(data.sessionsLeft) && `Open sessions could not be ended: ${text(data.sessionsLeft)}`,
      !verified && !data.byHand && 'The target cannot be looked at, so this is its word: not verified.',
      data.wasOverdue === true && 'It was overdue.',
    ),
    ...late(ms, 'after the end'),
  }
}

const change = (icon: TimelineIcon, verb: string, tone: Words['tone'] = 'info'): Teller => {
  return ({ data, subjectType }) => {
    const name = text(data.name)
    const subject = `the ${subjectType === 'separation' ? 'rule' : subjectType}`
    return { icon, tone, text: `${verb} ${name ? `${subject} ${name}` : subject}`, detail: text(data.what) }
  }
}

const operations: Record<string, string> = {
  give: 'giving',
  take: 'taking back',
  look: 'looking',
  remove: 'removing',
}

/** What nobody decided has no doer, although it carries the name of whoever asked. */
function byRule({ data }: TimelineEntryView): Partial<Words> {
  if (data.by === 'emergency')
    return {
      icon: 'triangle-alert',
      tone: 'bad',
      who: null,
      text: 'Agreed to at once, as an emergency',
      detail: 'Nobody was asked. Owners and admins were told, and it is reviewed afterwards.',
    }
  if (data.by === 'conversion')
    return {
      text: 'turned standing access into a lease',
      detail: 'Nothing new is given, so nobody had to agree.',
    }
  return data.by === 'automatic' ? { who: null, text: 'Agreed to by a rule of the access policy' } : {}
}

const entriesWords = (count = 0) => (count === 1 ? '1 entry' : `${count} entries`)

const tellers: Record<TimelineVerb, Teller> = {
  ...connectionTellers,
  erased: ({ data }) => ({
    icon: 'trash',
    tone: 'warn',
    text: `erased what ${entriesWords(number(data.count))} said`,
    detail:
      data.why === 'retention'
        ? 'They were kept as long as the organisation keeps them.'
        : quoted(data.reason),
  }),
  asked: ({ data }, place) => {
    const extension = place.extension ?? data.endsAt !== undefined
    const start = clock(data.startAt, place)
    return {
      icon: extension ? 'hourglass' : 'send',
      tone: data.emergency ? 'bad' : 'wait',
      text: extension
        ? `asked for ${length(data.seconds)} more`
        : `${data.emergency ? 'took emergency access' : 'asked'} for ${length(data.seconds)}`,
      detail: sentences(quoted(data.reason), start && `To start ${start}.`, oneMore(data)),
    }
  },
  agreed: (entry, place) => ({
    icon: 'check',
    tone: 'ok',
    text: `agreed${vote(entry, place)}`,
    detail: sentences(quoted(entry.data.note), narrowed(entry, place), oneMore(entry.data)),
  }),
  approved: (entry, place) => ({
    icon: place.extension ? 'timer-reset' : 'check',
    tone: 'ok',
    text: `agreed${vote(entry, place)}`,
    detail: sentences(quoted(entry.data.note), narrowed(entry, place)),
    ...byRule(entry),
  }),
  denied: (entry, place) => ({
    icon: 'circle-x',
    tone: 'bad',
    text: `denied${place.extension ? ' the extension' : ' it'}${inPlace(entry.data)}`,
    detail: quoted(entry.data.note),
  }),
  withdrawn: ({ data }) => ({
    icon: 'undo',
    tone: 'off',
    text: 'withdrew the request',
    detail: data.why === 'emergency' ? 'By taking emergency access.' : undefined,
  }),
  lapsed: ({ data }) => ({
    icon: 'timer-off',
    tone: 'off',
    who: null,
    text: 'The request lapsed',
    detail: lapseWords(data.why),
  }),
  edited: ({ data }) => ({
    icon: 'pencil',
    tone: 'wait',
    text: 'changed what is asked for',
    detail: sentences(
      ...changes(data),
      number(data.votes) ? 'The answers so far are void.' : 'It is asked anew from the first step.',
    ),
  }),
  question_asked: ({ data }) => ({
    icon: 'message',
    tone: 'wait',
    text: 'asked',
    detail: quoted(data.note),
  }),
  question_answered: ({ data }) => ({
    icon: 'message',
    tone: 'info',
    text: 'answered',
    detail: quoted(data.note),
  }),
  escalated: ({ data }) => ({
    icon: 'arrow-up-right',
    tone: 'warn',
    who: null,
    text:
      data.why === 'late'
        ? 'Nobody decided so far: the owners, or the admins, are asked as well'
        : 'Too few were left who could agree: the owners, or the admins, are asked',
  }),
  reassigned: ({ data }) => ({
    icon: 'users',
    tone: 'warn',
    text: 'had somebody else decide',
    detail: quoted(data.note),
  }),
  reminded: ({ data }) => ({
    icon: 'bell-ring',
    tone: 'info',
    text: `reminded ${count(data.personIds)} who may decide`,
  }),
  scheduled: ({ data }, place) => ({
    icon: 'calendar-clock',
    tone: 'info',
    who: null,
    text: data.emergency
      ? 'To be given at once, as emergency access'
      : `Agreed, to be given from ${clock(data.startAt, place) ?? 'now'}`,
    detail: `For ${length(data.seconds)}, counted from when it is seen.`,
  }),
  started: (_entry, place) => ({ icon: 'play', tone: 'info', text: `starts giving it in ${target(place)}` }),
  found_standing: ({ data }, place) => {
    const end = clock(data.endsAt, place)
    return {
      icon: 'pin',
      tone: 'warn',
      who: null,
      text: `Held before already in ${target(place)}`,
      detail: sentences('Nothing was given, so nothing is taken away at the end.', end && `Ends ${end}.`),
    }
  },
  giving: ({ data }, place) => ({
    icon: 'key-round',
    tone: 'info',
    text: `gives it in ${target(place)}`,
    detail: baselineWords[text(data.baseline) ?? ''],
  }),
  given: ({ data }, place) => {
    const end = clock(data.endsAt, place)
    return {
      icon: 'eye',
      tone: 'ok',
      who: data.byHand ? undefined : `Seen in ${target(place)}`,
      text: data.byHand ? `gave it in ${target(place)} by hand` : '',
      detail: sentences(
        quoted(data.evidence),
        end ? `The clock starts here: it ends ${end}.` : 'Permanent: it has no end.',
      ),
    }
  },
  answered: ({ data }, place) => ({
    icon: 'circle-alert',
    tone: 'warn',
    who: target(place),
    text: `answered while ${operations[text(data.operation) ?? ''] ?? 'working'}: ${answerWords(data.code)}`,
    detail: text(data.message),
  }),
  failed: ({ data }) => ({
    icon: 'circle-x',
    tone: 'bad',
    who: null,
    text: 'It could not be given',
    detail: text(data.why),
  }),
  cancelled: (entry) => ({
    icon: 'ban',
    tone: 'off',
    ...endingWords(entry, 'it before it was given'),
  }),
  giving_again: ({ data }, place) => ({
    icon: 'undo',
    tone: 'wait',
    text: `had it given again in ${target(place)}`,
    detail: sentences(
      quoted(data.note),
      clock(data.endsAt, place) && `For the time that is left, until ${clock(data.endsAt, place)}.`,
    ),
  }),
  extended: ({ data }, place) => ({
    icon: 'timer-reset',
    tone: 'ok',
    who: 'The end moved',
    text: `by ${text(data.words) ?? 'the time agreed'}`,
    detail: sentences(
      clock(data.from, place) && `From ${clock(data.from, place)} to ${clock(data.to, place)}.`,
      'Nothing was revoked in between; a new notice is armed.',
    ),
  }),
  grace_given: ({ data }, place) => ({
    icon: 'hourglass',
    tone: 'warn',
    who: null,
    text: `More time is not decided yet, so it goes on for ${length(data.seconds)}, once`,
    detail: clock(data.to, place) && `Until ${clock(data.to, place)}.`,
  }),
  grace_over: ({ data }, place) => ({
    icon: 'hourglass',
    tone: 'warn',
    who: null,
    text: 'More time was not agreed to, so it goes on no longer',
    detail: clock(data.from, place) && `Without the answer until ${clock(data.from, place)}.`,
  }),
  notice_sent: ({ data }, place) => ({
    icon: 'bell-ring',
    tone: 'warn',
    who: 'Notice sent',
    text: text(data.to) ? `to ${data.to}` : '',
    detail: clock(data.dueAt, place) && `Due ${clock(data.dueAt, place)}.`,
    ...late(number(data.lateMs), 'late'),
  }),
  notice_failed: ({ data }) => ({
    icon: 'bell-off',
    tone: 'bad',
    who: 'The notice could not be sent',
    text: text(data.to) ? `to ${data.to}` : '',
    detail: text(data.error),
  }),
  ending: (entry) => ({
    icon: text(entry.data.reason) === 'expired' ? 'power' : 'ban',
    tone: text(entry.data.reason) === 'expired' ? 'off' : 'warn',
    ...endingWords(entry, 'it'),
  }),
  left_standing: (entry) => {
    const words = endingWords(entry, 'it')
    return {
      icon: 'pin',
      tone: 'off',
      ...words,
      detail: sentences(words.detail, 'It was held before our first give, so it stays.'),
    }
  },
  seen_absent: (entry, place) => gone(entry, place, true),
  answered_absent: (entry, place) => gone(entry, place, false),
  overdue: ({ data }, place) => ({
    icon: 'octagon-alert',
    tone: 'bad',
    who: 'Overdue.',
    text: 'It should be gone and is not; the owners were told',
    detail: sentences(
      clock(data.since, place) && `Due ${clock(data.since, place)}.`,
      text(data.lastAnswer) && `Last answer: ${answerWords(data.lastAnswer)}.`,
    ),
  }),
  settled: ({ data }, place) =>
    data.seenAt
      ? {
          icon: 'shield-check',
          tone: 'ok',
          who: 'Seen absent',
          text: `in ${target(place)}, as people had attested`,
        }
      : {
          icon: 'eye',
          tone: 'ok',
          who: 'Looked again,',
          text: 'still absent',
          detail: `A late “give” can no longer land in ${target(place)}.`,
        },
  reopened: (_entry, place) => ({
    icon: 'octagon-alert',
    tone: 'bad',
    who: 'Found again',
    text: `in ${target(place)}; it is taken back once more`,
  }),
  retry_asked: () => ({ icon: 'refresh', tone: 'off', text: 'had it tried again at once' }),
  attesting: ({ data }) => ({
    icon: 'users',
    tone: 'warn',
    text: 'stated that it is gone',
    detail: sentences(quoted(data.note), 'A second person has to confirm it; it is still being taken back.'),
  }),
  attested: ({ data }) => ({
    icon: 'shield-check',
    tone: 'warn',
    text: 'attested that it is gone',
    detail: sentences(
      quoted(data.note ?? data.reason),
      data.alone === true && 'There was nobody else: the same person stated it twice, a day apart.',
      'The target could not be asked: not verified.',
    ),
  }),
  task_opened: ({ data }, place) => ({
    icon: data.kind === 'review' ? 'eye' : 'hand',
    tone: 'wait',
    who: null,
    text:
      data.kind === 'review'
        ? 'The review of this emergency access was opened'
        : `A task was opened to ${data.kind === 'take' ? 'take it out of' : 'give it in'} ${target(place)}`,
    detail: clock(data.dueAt, place) && `To be done by ${clock(data.dueAt, place)}.`,
  }),
  task_done: ({ data }) => ({
    icon: data.verdict === 'not_justified' ? 'circle-x' : 'check',
    tone: data.verdict === 'not_justified' ? 'bad' : 'ok',
    text:
      data.kind === 'review'
        ? `reviewed it: ${data.verdict === 'justified' ? 'justified' : 'not justified'}`
        : `completed the task to ${data.kind === 'take' ? 'take it away' : 'give it'}`,
    detail: quoted(data.evidence),
  }),
  created: change('plus', 'created'),
  changed: change('pencil', 'changed'),
  published: ({ data }) => ({
    icon: 'file-text',
    tone: 'ok',
    text: `published ${text(data.name) ?? 'the policy'}${number(data.number) ? `, version ${data.number}` : ''}`,
  }),
  archived: change('trash', 'archived', 'off'),
  deleted: change('trash', 'deleted', 'off'),
  synced: ({ data }) => ({
    icon: 'refresh',
    tone: 'info',
    text: 'synced the catalogue',
    detail: text(data.what),
  }),
  tested: ({ data }) => ({
    icon: data.ok === false ? 'circle-alert' : 'check',
    tone: data.ok === false ? 'bad' : 'ok',
    text: `tested the connection${data.ok === false ? ': it does not work' : ''}`,
    detail: text(data.detail),
  }),
  secret_replaced: () => ({ icon: 'key', tone: 'warn', text: 'replaced the connection’s secret' }),
  needs_attention: ({ data }) =>
    data.code === 'credential_ends'
      ? {
          icon: 'hourglass',
          tone: 'warn',
          text: `told the owners that our credential ends in ${data.days === 1 ? '1 day' : `${number(data.days) ?? 0} days`} or less`,
        }
      : {
          icon: 'circle-alert',
          tone: 'bad',
          who: text(data.application) ?? 'The target',
          text:
            data.code === 'switched_off'
              ? 'switched the connection off; gives are paused'
              : data.code === 'others_moved'
                ? 'moved other members while one was changed'
                : 'refuses our credential; gives wait',
          detail: sentences(text(data.message), 'Taking back goes on being tried; the owners were told.'),
        },
  ...driftTellers,
  ...reviewTellers,
  role_granted: ({ data }) => ({
    icon: 'user-check',
    tone: 'warn',
    text: `made ${text(data.name) ?? 'this person'} ${roleWords(data.role)}`,
    detail: quoted(data.reason),
  }),
  role_taken: ({ data }) => ({
    icon: 'user-x',
    tone: 'warn',
    text: `ended that ${text(data.name) ?? 'this person'} is ${roleWords(data.role)}`,
    detail: quoted(data.reason),
  }),
  deactivated: ({ data }) => ({
    icon: 'user-x',
    tone: 'warn',
    text: `deactivated ${text(data.name) ?? 'this person'}`,
    detail: quoted(data.reason),
  }),
  reactivated: ({ data }) => ({
    icon: 'user-check',
    tone: 'info',
    text: `took ${text(data.name) ?? 'this person'} in again, as a member`,
    detail: quoted(data.reason),
  }),
  imported: ({ data }) => ({
    icon: 'users',
    tone: 'info',
    text: `imported ${data.kind === 'groups' ? 'groups' : 'people'} from ${text(data.name) ?? 'a file'}`,
    detail: sentences(
      `${number(data.made) ?? 0} new, ${number(data.changed) ?? 0} changed, ${number(data.errors) ?? 0} with errors.`,
      Boolean(data.gone) &&
        `${data.gone} left out of the file: ${data.kind === 'groups' ? 'taken out of their groups' : 'deactivated'}.`,
    ),
  }),
  token_made: ({ data }) => ({
    icon: 'key',
    tone: 'warn',
    text: `made a token for ${text(data.name) ?? 'this client'}`,
    detail: text(data.hint) && `It ends in ${text(data.hint)}.`,
  }),
  token_revoked: ({ data }) => ({
    icon: 'ban',
    tone: 'warn',
    text: `revoked a token of ${text(data.name) ?? 'this client'}`,
    detail: text(data.hint) && `It ended in ${text(data.hint)}.`,
  }),
  disconnected: ({ data }) => ({
    icon: 'power',
    tone: 'warn',
    text: `disconnected ${text(data.name) ?? 'this client'}`,
    detail: 'Its people and groups stay, and are changed by hand from now on.',
  }),
  // The product writes it when somebody proved who they are.
  signed_in: ({ actorName }, { holder }) => ({
    icon: 'log-in',
    tone: 'off',
    who: actorName ?? holder,
    text: 'signed in',
  }),
  signed_out: ({ data }) => ({
    icon: 'log-out',
    tone: 'warn',
    text: data.everywhere
      ? 'ended every session'
      : `ended the session of ${text(data.device) ?? 'a browser'}`,
  }),
  delegated: ({ data }, place) => ({
    icon: 'users',
    tone: 'info',
    text: `named ${text(data.substitute) ?? 'somebody'} to decide in ${text(data.person) ? `place of ${text(data.person)}` : 'their place'}`,
    detail: sentences(
      clock(data.startsAt, place) && `From ${clock(data.startsAt, place)} to ${clock(data.endsAt, place)}.`,
    ),
  }),
  delegation_ended: ({ data }) => ({
    icon: 'undo',
    tone: 'off',
    text: data.calledOff
      ? `called off that ${text(data.substitute) ?? 'somebody'} decides in ${text(data.person) ? `place of ${text(data.person)}` : 'their place'}`
      : text(data.person)
        ? `ended that ${text(data.substitute) ?? 'somebody'} decides in place of ${text(data.person)}`
        : `decides again instead of ${text(data.substitute) ?? 'the substitute'}`,
  }),
  frozen: ({ data, subjectType }) => ({
    icon: 'octagon-alert',
    tone: 'bad',
    text: `froze all giving${frozenWhere(data, subjectType)}`,
    detail: sentences(quoted(data.note), 'Taking back goes on.'),
  }),
  unfrozen: ({ data, subjectType }) => ({
    icon: 'play',
    tone: 'ok',
    text: `lets giving go on${frozenWhere(data, subjectType)}`,
    detail: quoted(data.note),
  }),
  quarantined: ({ data }) => ({
    icon: 'octagon-alert',
    tone: 'bad',
    text: 'found that this is a database restored from a backup: nothing leaves until an admin confirms',
    detail: sentences(...texts(data.why), lostWords(data.lost)),
  }),
  quarantine_ended: ({ data }) => ({
    icon: 'play',
    tone: 'ok',
    text: 'confirmed that Leasehold goes on from this backup',
    detail: quoted(data.note),
  }),
  taken_back: ({ data, subjectType }) => ({
    icon: 'octagon-alert',
    tone: 'bad',
    text: `took everything back ${subjectType === 'person' ? 'from' : 'on'} ${text(data.name) ?? 'here'}`,
    detail: sentences(
      number(data.count) !== undefined &&
        `${data.count} ${data.count === 1 ? 'access' : 'accesses'} to take.`,
      quoted(data.note),
    ),
  }),
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

/** What of the chain is known to others and is not here any more. */
function lostWords(value: unknown): string | undefined {
  const { from, to } = (value ?? {}) as Record<string, unknown>
  return number(from) === undefined ? undefined : `Links ${from} to ${to} of the audit chain are lost.`
}

const roleWords = (role: unknown): string => (text(role) === 'auditor' ? 'an auditor' : 'an admin')

const frozenWhere = (data: TimelineEntryView['data'], subjectType: string): string =>
  subjectType === 'organisation'
    ? ''
    : ` on ${text(data.name) ?? text(data.application) ?? `this ${subjectType}`}`

const count = (value: unknown): string => {
  const n = Array.isArray(value) ? value.length : 0
  return n === 1 ? 'the one' : `the ${n}`
}

/** What an edit changed, part by part. */
function changes(data: TimelineEntryView['data']): string[] {
  const was = (data.was ?? {}) as Record<string, unknown>
  const now = (data.now ?? {}) as Record<string, unknown>
  return [
    was.seconds === now.seconds ? '' : `${length(now.seconds)} instead of ${length(was.seconds)}.`,
    was.startAt === now.startAt ? '' : 'Another start.',
    was.reason === now.reason ? '' : `The reason is now ${quoted(now.reason) ?? 'left out'}.`,
  ].filter(Boolean)
}
