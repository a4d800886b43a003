/**
 * What each mail must be told. Plain data only: the sender looks everything up, a mail looks nothing up.
 * Instants are `Date`, lengths are seconds, and words typed by people arrive as they were typed:
 * the mails clean and escape them.
 */

/** What every mail knows about its reader and itself. */
export interface MailBase {
  /** The organisation's name, shown in the corner. */
  org: string
  /** The reader's IANA zone; every time in the mail is written in it. */
  zone: string
  /** When the mail is sent. Relative times are tied to it ("4 hours after we sent this"). */
  now: Date
  /** How a person finds the record again, for instance "Request R-2041". Stands at the foot. */
  reference?: string
}

/** One entitlement of one application, as the target names them. */
export interface AccessRef {
  entitlement: string
  application: string
}

/** An access somebody holds; no end means permanent. */
export interface HeldAccess extends AccessRef {
  endsAt: Date | null
}

/** Why somebody may decide on a request or is told about trouble. */
export type Because =
  | 'owner'
  | 'admin'
  | 'manager'
  | 'named'
  | 'group'
  | 'assignee'
  | 'fallback'
  | 'reassigned'
  | 'separation'
  | 'substitute'
  | 'reviewer'

/** One person's yes or no. */
export interface DecisionRef {
  by: string
  /** In whose place, by a substitute. */
  inPlaceOf?: string
  at: Date
  note: string | null
}

/** To each approver of the open step: please decide. */
export interface DecisionNeededProps extends MailBase, AccessRef {
  requester: string
  /** Who would hold the access, where that is not the requester. */
  beneficiary?: string
  /** Set when more time is asked for on a grant that is running. */
  extends?: { endsAt: Date }
  /** Length asked for (for an extension: the time to add); null is permanent. */
  seconds: number | null
  /** Earliest start asked for. */
  startsAt?: Date
  /** How long before the end the holder is told; null where there is no end. */
  noticeSeconds: number | null
  reason: string | null
  askedAt: Date
  decideBy: Date
  /** The decide page, with its locator. */
  url: string
  /** What else was asked for in the same go and waits for the reader too, each with its own decide page. */
  alsoAsked?: (AccessRef & Pick<DecisionNeededProps, 'seconds' | 'risk' | 'url'>)[]
  /** In whose place the reader decides, and until when that person is away. */
  inPlaceOf?: { name: string; until: Date }
  /** Set where the fallback is asked: nobody decided in time (`late`), or too few were left who could (`lost`). */
  escalated?: 'late' | 'lost'
  /** Which admin had the reader decide instead, and why. */
  reassigned?: { by: string; reason: string }
  /** What of theirs it may not be held together with, and why: the reason for a step of its own. */
  apart?: { rule: string; reason: string; other: AccessRef; how: 'held' | 'agreed' | 'asked' }[]
  risk: 'low' | 'medium' | 'high'
  /** What was asked of the requester so far. */
  questions?: { by: string; question: string; answer: string | null }[]
  /** What the entitlement allows, in the owner's words. */
  lets: string | null
  /** What the future holder holds already. */
  holds: HeldAccess[]
  /** Earlier requests of the same person for the same entitlement in the last `days`. */
  history?: {
    days: number
    approved: number
    denied: number
    withdrawn: number
    lapsed: number
    returned: number
  }
  /** The others who may decide this step, without the reader. */
  others: string[]
  /** How many of them have to agree, the reader included. */
  quorum: number
  /** Other steps come after this one. */
  laterSteps?: boolean
  /** People give it, not a connection. */
  byHand?: boolean
  because: Because
}

/** To the requester: agreed. */
export interface RequestApprovedProps extends MailBase, AccessRef, RequestReader {
  /** The last yes; null where nobody was asked. */
  decision: DecisionRef | null
  /** What agreed to it: people, a condition of the access policy, or that it is an emergency. */
  approval: 'people' | 'automatic' | 'emergency' | 'conversion'
  approvedAt: Date
  /** Length asked for and length agreed; null is permanent. They differ when the approver narrowed it. */
  askedSeconds: number | null
  seconds: number | null
  /** Set when it begins later. */
  startsAt?: Date
  /** Which approver made it shorter, and which let it begin later than asked. */
  shortenedBy?: string
  postponedBy?: string
  /** Until when it must have been given, or the approval is void. */
  startBy: Date
  url: string
}

/** To the requester and the future holder: refused. */
export interface RequestDeniedProps extends MailBase, AccessRef {
  /** Whom it was for, where the reader asked for somebody else. */
  beneficiary?: string
  /** Who asked, where somebody else asked for the reader. */
  askedBy?: string
  decision: DecisionRef
  seconds: number | null
  /** For an extension: the end that stays. */
  extends?: { endsAt: Date }
  /** The request page. */
  url: string
}

/** To the requester and the future holder: ended without an answer. */
export interface RequestLapsedProps extends MailBase, AccessRef, RequestReader {
  /**
   * `undecided` nobody decided in time; `nobody-left` nobody was left who could agree; `not-started` agreed, but not given by start-by;
   * `policy-changed` the rules it was asked under are gone; `grant-ended` an extension outlived its grant.
   */
  why: 'undecided' | 'nobody-left' | 'not-started' | 'policy-changed' | 'grant-ended' | 'left'
  askedAt: Date
  lapsedAt: Date
  extends?: { endsAt: Date }
  /** Who had been asked, for `undecided`. */
  asked: string[]
  /** The request form, to ask again. */
  url: string
}

/** To the holder: it works now. */
export interface AccessReadyProps extends MailBase, AccessRef {
  givenAt: Date
  /** null is permanent. */
  endsAt: Date | null
  /** When the expiry notice will go out. */
  noticeAt: Date | null
  extendable: boolean
  /** Held before our first give: said, and left alone at the end. */
  preexisting: boolean
  /** "How to use this access", in the owner's words. */
  howTo: string | null
  approvedBy: string | null
  /** The grant's page. */
  url: string
}

/** Whether more time can be asked for, and if not, why. */
export type ExtensionOffer =
  | {
      allowed: true
      /** The extend page, with its locator. */
      url: string
      /** The most that can be added now. */
      maxSeconds: number
      /** Who has to agree. */
      deciders: string[]
      /** Extensions left; null is no cap. */
      left: number | null
      /** Up to this length nobody has to be asked, in seconds; left out where somebody always is. */
      automaticSeconds?: number
      /** How long the access stays, once, where nobody has answered by its end; left out where it does not. */
      graceSeconds?: number
    }
  | { allowed: false; why: 'policy' | 'count' | 'length' | 'separation' | 'emergency' }
  | { allowed: false; why: 'pending'; graceSeconds?: number }

/** To the holder, ahead of the end. Carries a calendar entry for the end. */
export interface ExpiryNoticeProps extends MailBase, AccessRef {
  grantId: string
  /** Grows with every new end of the same grant, so that calendars move the entry. */
  sequence: number
  givenAt: Date
  endsAt: Date
  extension: ExtensionOffer
  /** The target's open sessions are closed at the end. */
  closesSessions: boolean
  preexisting: boolean
  approved: { by: string; at: Date } | null
  /** The grant's page. */
  url: string
  /** The page on which it is given back: it shows, and the form on it acts. */
  backUrl: string
}

/** To the holder, and to whoever asked: the end moved. Carries the moved calendar entry. */
export interface ExtendedProps extends MailBase, AccessRef {
  /** The holder's name where the reader is somebody else, who asked. Then nothing is for their calendar. */
  holder?: string
  grantId: string
  sequence: number
  givenAt: Date
  previousEndsAt: Date
  endsAt: Date
  /** The last yes; null where nobody was asked. */
  decision: DecisionRef | null
  /** Length asked for in seconds; more than was added where an approver shortened it. */
  askedSeconds: number
  shortenedBy?: string
  /** Who asked, where somebody else asked for the reader. */
  askedBy?: string
  noticeAt: Date | null
  url: string
}

/** Why a grant ended. */
export type EndReason = 'expired' | 'revoked' | 'returned' | 'withdrawn' | 'left' | 'attested'

/** How we know that the access is gone. */
export type EndProof =
  /** We looked, and it was gone. `lateMs` counts from the end that was due. */
  | { kind: 'seen'; at: Date; lateMs: number }
  /** The target cannot be asked; it answered that it removed the access. */
  | { kind: 'unverified'; at: Date }
  /** People stated that it is gone. */
  | { kind: 'attested'; by: string[]; reason: string }
  /** Held before our first give: left alone. */
  | { kind: 'stays' }
  /** It was never given. */
  | { kind: 'never-given' }

/** To the holder (and, with `holder` set, to somebody else who has to know). */
export interface AccessEndedProps extends MailBase, AccessRef {
  /** The holder's name where the reader is somebody else. */
  holder?: string
  why: EndReason
  /** Who ended it, for `revoked`, `withdrawn` and `left`. */
  by?: string
  /** What they said. */
  note?: string
  givenAt: Date | null
  /** The end that had been agreed; null is permanent. */
  endsAt: Date | null
  endedAt: Date
  proof: EndProof
  /** Open sessions closed; left out where the target has none. */
  sessionsClosed?: number
  holds: HeldAccess[]
  /** The request form, where asking again is possible. */
  againUrl?: string
  /** The grant's page. */
  url: string
}

/** To the holder, and to owners: agreed, but it could not be given. */
export interface CouldNotGiveProps extends MailBase, AccessRef {
  /** The holder's name where the reader is somebody else. */
  holder?: string
  why:
    | 'unreachable'
    | 'refused'
    | 'credentials'
    | 'no-account'
    | 'ambiguous-account'
    | 'entitlement-gone'
    | 'archived'
    | 'not-eligible'
    | 'task-not-done'
  /** The target's last answer, redacted. */
  answer: string | null
  attempts: number
  firstTriedAt: Date | null
  startBy: Date
  /**
   * `never-sent`: nothing was sent to the target. `seen-absent`: we looked, and it is not there. `unclear`: it may
   * have had an effect, so it is being taken back.
   */
  proof: 'never-sent' | 'seen-absent' | 'unclear'
  /** The request form, where asking again is possible; else the grant's page. */
  url: string
  canAskAgain: boolean
}

/** To owners and admins: still there after its end. */
export interface CouldNotRemoveProps extends MailBase, AccessRef {
  holder: string
  lets: string | null
  givenAt: Date
  /** When it should have been gone. */
  dueAt: Date
  /** Set when it was seen absent and then found again; `goneAt` once it is seen absent anew. */
  cameBack: { at: Date; goneAt: Date | null } | null
  why:
    | 'unreachable'
    | 'refused'
    | 'credentials'
    | 'rate-limited'
    | 'unclear'
    | 'still-there'
    | 'task-not-done'
  /** The target's last answer, redacted, and where it came from. */
  answer: string | null
  target: string | null
  attempts: number
  lastTriedAt: Date | null
  nextTryAt: Date | null
  /** The longest gap between two tries from now on. */
  maxGapSeconds: number
  /** For those who are told later: when the owners were. */
  toldAt: Date | null
  /** When the admins are told as well, if it is still there; null where nobody is left to tell. */
  adminsAt: Date | null
  /** Who else got this mail. */
  alsoTold: string[]
  because: Because
  /** The grant's page. */
  url: string
}

/** To those who give or take by hand. */
export interface TaskForYouProps extends MailBase, AccessRef {
  act: 'give' | 'take' | 'review'
  person: string
  /** The account inside the application, where known. */
  account: string | null
  dueAt: Date
  /** For a give: how long it will last; null is permanent. */
  seconds: number | null
  /** Why: the request's reason for a give, the reason of the end for a take. */
  reason: string | null
  /** How it is done, in the owner's words. */
  instructions: string | null
  /** Who else got the task. */
  others: string[]
  because: Because
  /** The task's page. */
  url: string
}

/** Which of a request's two people reads, where it has two. */
export interface RequestReader {
  /** Whom it is for, where the reader asked for somebody else. */
  beneficiary?: string
  /** Who asked, where it was not the reader. */
  askedBy?: string
}

/** To whoever asked, and whom it is for: somebody who may decide wants to know something first. */
export interface QuestionAskedProps extends MailBase, AccessRef, RequestReader {
  by: string
  question: string
  askedAt: Date
  decideBy: Date
  /** The request's page, at its questions. */
  url: string
}

/** To whoever wanted to know something before deciding: the answer. */
export interface QuestionAnsweredProps extends MailBase, AccessRef {
  by: string
  question: string
  answer: string
  answeredAt: Date
  decideBy: Date
  /** The decide page, with its locator. */
  url: string
}

/** To the other of a request's two people: it was taken back. */
export interface RequestWithdrawnProps extends MailBase, AccessRef, RequestReader {
  by: string
  withdrawnAt: Date
  /** Set when more time was asked for. */
  extends?: { endsAt: Date }
  url: string
}

/** To whom an access is asked for by somebody else. */
export interface AskedForYouProps extends MailBase, AccessRef {
  by: string
  seconds: number | null
  reason: string | null
  askedAt: Date
  decideBy: Date
  lets: string | null
  /** Who can decide now. */
  asked: string[]
  /** The request's page. */
  url: string
}

/** To owners and admins: emergency access was taken, without anybody's yes. */
export interface EmergencyTakenProps extends MailBase, AccessRef {
  holder: string
  seconds: number
  reason: string
  takenAt: Date
  lets: string | null
  holds: HeldAccess[]
  alsoTold: string[]
  because: Because
  /** The grant's page. */
  url: string
}

/** To admins, after the nightly check: policies under which nobody could agree for somebody. */
export interface ApprovalGapsProps extends MailBase {
  gaps: {
    policy: string
    /** How many people may ask. */
    eligible: number
    /** Whether nobody at all could be agreed to, for an application of it. */
    everybody: boolean
    /** For whom nobody could agree. */
    people: string[]
  }[]
  /** The list of policies. */
  url: string
}

/** To the owners of an application, or to admins: its connection needs somebody. Once for as long as it lasts. */
export interface ConnectionTroubleProps extends MailBase {
  application: string
  /** `failing`: no test of it has succeeded for an hour. */
  why: 'credentials' | 'switched-off' | 'others-moved' | 'failing'
  /** The target's answer, redacted. */
  answer: string
  since: Date
  /** Who else got this mail. */
  alsoTold: string[]
  because: Because
  /** The application's page. */
  url: string
}

/** To holders and owners: what the target does not have any more is closed. */
export interface EntitlementGoneProps extends MailBase, AccessRef {
  /** Its reader is who holds it. */
  yours: boolean
  /** Who holds a live grant on it, by name. */
  holders: string[]
  /** The access policy that offers it. */
  policy: string | null
  since: Date
  because: Because
  /** For the holder where the access is, for others the application's page. */
  url: string
}

/** To the owners of an application, or to admins: what a reading of its holders found. */
export interface DriftFoundProps extends MailBase {
  application: string
  at: Date
  found: { kind: 'unknown' | 'missing'; who: string; entitlement: string }[]
  /** Just-in-time only, and more to remove than may be in one go. */
  tooMany: { entitlement: string; unknown: number; cap: number }[]
  /** How many are being removed because their entitlement is just-in-time only. */
  removing: number
  /** Who else got this mail. */
  alsoTold: string[]
  because: Because
  /** The application's page. */
  url: string
}

/** To the holder: taken in the target by somebody else, though the lease runs. */
export interface AccessMissingProps extends MailBase, AccessRef {
  seenAt: Date
  /** Null where it is permanent. */
  endsAt: Date | null
  canGiveAgain: boolean
  /** Where the access is shown, with its button. */
  url: string
}

/** To a reviewer of an access review: lines of theirs wait. */
export interface AccessReviewProps extends MailBase {
  /** The review's name. */
  name: string
  application: string
  why: 'asked' | 'reminder' | 'escalated'
  /** How many the reader has left. */
  lines: number
  until: Date
  /** Why it is them. */
  because: 'manager' | 'owners' | 'people' | 'admins'
  startedBy: string
  instructions: string | null
  /** What becomes of what nobody decides, in whole sentences. */
  missed: string
  /** The reader's lines. */
  url: string
}

/** To whoever started an access review, and to the owners: it is over. */
export interface AccessReviewClosedProps extends MailBase {
  name: string
  application: string
  kept: number
  removed: number
  missed: number
  over: number
  /** Leases revoked because nobody decided. */
  revoked: number
  missedWords: string
  url: string
}

/** To owners and admins: a give waits until somebody says whose account it is. */
export interface WhoseAccountProps extends MailBase {
  application: string
  person: string
  email: string
  why: 'ambiguous' | 'missing' | 'address_changed' | 'recycled' | 'taken'
  /** The accounts in question, as the target names them. */
  candidates: { name: string; email?: string; proposed?: boolean }[]
  /** What waits for the answer. */
  waiting: string[]
  because: Because
  /** The application's page. */
  url: string
}

/** To whoever holds something for good: it becomes a lease. */
export interface ConversionPlannedProps extends MailBase, AccessRef {
  by: string
  reason: string
  startsAt: Date
  endsAt: Date
  noticeAt: Date | null
  lets: string | null
  /** What the access policy lets one do about the end; null where one may not even ask anew. */
  after: 'extend' | 'ask' | null
  /** Whom to talk to: the application's owners, or whoever did it. */
  contacts: string[]
  /** The reader's own page. */
  url: string
}

/** Of a lease that was to begin on standing access, and does not: to the holder, and to whoever planned it. */
export interface ConversionCalledOffProps extends MailBase, AccessRef {
  /** Who called it off; null where it did not come about by itself. */
  by: string | null
  /** Why, as somebody or the product said it. */
  note: string | null
  /** Set where the reader is not the holder. */
  holder?: string
  url: string
}

/** To the owners of an application, or to admins: the removal drill failed. Once until it works again. */
export interface DrillFailedProps extends MailBase, AccessRef {
  account: string
  /** The step that failed, in one sentence. */
  what: string
  failedAt: Date
  /** The last drill that went well. */
  provenAt: Date | null
  alsoTold: string[]
  because: Because
  /** The application's page. */
  url: string
}

/** To the owners of an application, or to admins: our credential for its system ends soon. */
export interface CredentialEndsProps extends MailBase {
  application: string
  /** Where the connection points: `host:port/database`, a web address. */
  target: string
  endsAt: Date
  /** Who else got this mail. */
  alsoTold: string[]
  because: Because
  /** The page of its connection. */
  url: string
}

/** To every admin, and to whoever it is about: a role was given or taken. */
export interface RoleChangedProps extends MailBase {
  person: string
  role: 'admin' | 'auditor'
  given: boolean
  /** The reader is who it is about. */
  yours: boolean
  /** Null for the product's own commands and settings. */
  by: string | null
  reason: string | null
  changedAt: Date
  /** The person's page. */
  url: string
}

/** To admins: an application's last owner left. */
export interface OwnershipPassedProps extends MailBase {
  application: string
  /** Who owned it. */
  left: string[]
  passedAt: Date
  /** The application's page. */
  url: string
}

/** To whoever typed this address into the sign-in page. */
export interface SignInLinkProps extends MailBase {
  /** Opens a page; its button signs in. */
  url: string
  expiresAt: Date
}

export interface CheckpointProps extends MailBase {
  /** The last link of the chain that it covers. */
  seq: number
  signedAt: Date
  url: string
}

/** One mail of any kind, ready to be rendered. */
export type MailContent =
  | { kind: 'decision-needed'; props: DecisionNeededProps }
  | { kind: 'decision-reminder'; props: DecisionNeededProps }
  | { kind: 'question-asked'; props: QuestionAskedProps }
  | { kind: 'question-answered'; props: QuestionAnsweredProps }
  | { kind: 'asked-for-you'; props: AskedForYouProps }
  | { kind: 'request-withdrawn'; props: RequestWithdrawnProps }
  | { kind: 'emergency-taken'; props: EmergencyTakenProps }
  | { kind: 'approval-gaps'; props: ApprovalGapsProps }
  | { kind: 'request-approved'; props: RequestApprovedProps }
  | { kind: 'request-denied'; props: RequestDeniedProps }
  | { kind: 'request-lapsed'; props: RequestLapsedProps }
  | { kind: 'access-ready'; props: AccessReadyProps }
  | { kind: 'expiry-notice'; props: ExpiryNoticeProps }
  | { kind: 'extended'; props: ExtendedProps }
  | { kind: 'access-ended'; props: AccessEndedProps }
  | { kind: 'could-not-give'; props: CouldNotGiveProps }
  | { kind: 'could-not-remove'; props: CouldNotRemoveProps }
  | { kind: 'task-for-you'; props: TaskForYouProps }
  | { kind: 'connection-trouble'; props: ConnectionTroubleProps }
  | { kind: 'entitlement-gone'; props: EntitlementGoneProps }
  | { kind: 'drift-found'; props: DriftFoundProps }
  | { kind: 'access-missing'; props: AccessMissingProps }
  | { kind: 'whose-account'; props: WhoseAccountProps }
  | { kind: 'conversion-planned'; props: ConversionPlannedProps }
  | { kind: 'conversion-called-off'; props: ConversionCalledOffProps }
  | { kind: 'drill-failed'; props: DrillFailedProps }
  | { kind: 'credential-ends'; props: CredentialEndsProps }
  | { kind: 'role-changed'; props: RoleChangedProps }
  | { kind: 'ownership-passed'; props: OwnershipPassedProps }
  | { kind: 'access-review'; props: AccessReviewProps }
  | { kind: 'access-review-closed'; props: AccessReviewClosedProps }
  | { kind: 'sign-in-link'; props: SignInLinkProps }
  | { kind: 'checkpoint'; props: CheckpointProps }

/** Which mail it is. */
export type MailKind = MailContent['kind']

/** A file that travels with a mail. */
export interface MailAttachment {
  filename: string
  contentType: string
  content: string
}

/** A mail as it goes out. */
export interface RenderedMail {
  subject: string
  html: string
  text: string
  attachments?: MailAttachment[]
}
