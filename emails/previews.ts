import AccessEnded from './access-ended'
import AccessMissing from './access-missing'
import AccessReady from './access-ready'
import AccessReview, { AccessReviewClosed } from './access-review'
import ApprovalGaps from './approval-gaps'
import AskedForYou from './asked-for-you'
import Checkpoint from './checkpoint'
import ConnectionTrouble from './connection-trouble'
import { ConversionCalledOff, ConversionPlanned } from './conversion'
import CouldNotGive from './could-not-give'
import CouldNotRemove from './could-not-remove'
import CredentialEnds from './credential-ends'
import DecisionNeeded from './decision-needed'
import DecisionReminder from './decision-reminder'
import DriftFound from './drift-found'
import DrillFailed from './drill-failed'
import EmergencyTaken from './emergency-taken'
import EntitlementGone from './entitlement-gone'
import ExpiryNotice from './expiry-notice'
import Extended from './extended'
import OwnershipPassed from './ownership-passed'
import type { MailContent } from './props'
import QuestionAnswered, { QuestionAsked } from './question'
import RequestApproved from './request-approved'
import RequestDenied from './request-denied'
import RequestLapsed from './request-lapsed'
import RequestWithdrawn from './request-withdrawn'
import RoleChanged from './role-changed'
import SignInLink from './sign-in-link'
import TaskForYou from './task-for-you'
import WhoseAccount from './whose-account'

/** Every mail with its preview data: one of each kind. */
export const previews: MailContent[] = [
  { kind: 'decision-needed', props: DecisionNeeded.PreviewProps },
  { kind: 'decision-reminder', props: DecisionReminder.PreviewProps },
  { kind: 'question-asked', props: QuestionAsked.PreviewProps },
  { kind: 'question-answered', props: QuestionAnswered.PreviewProps },
  { kind: 'asked-for-you', props: AskedForYou.PreviewProps },
  { kind: 'request-withdrawn', props: RequestWithdrawn.PreviewProps },
  { kind: 'emergency-taken', props: EmergencyTaken.PreviewProps },
  { kind: 'approval-gaps', props: ApprovalGaps.PreviewProps },
  { kind: 'request-approved', props: RequestApproved.PreviewProps },
  { kind: 'request-denied', props: RequestDenied.PreviewProps },
  { kind: 'request-lapsed', props: RequestLapsed.PreviewProps },
  { kind: 'access-ready', props: AccessReady.PreviewProps },
  { kind: 'expiry-notice', props: ExpiryNotice.PreviewProps },
  { kind: 'extended', props: Extended.PreviewProps },
  { kind: 'access-ended', props: AccessEnded.PreviewProps },
  { kind: 'could-not-give', props: CouldNotGive.PreviewProps },
  { kind: 'could-not-remove', props: CouldNotRemove.PreviewProps },
  { kind: 'task-for-you', props: TaskForYou.PreviewProps },
  { kind: 'connection-trouble', props: ConnectionTrouble.PreviewProps },
  { kind: 'entitlement-gone', props: EntitlementGone.PreviewProps },
  { kind: 'drift-found', props: DriftFound.PreviewProps },
  { kind: 'access-missing', props: AccessMissing.PreviewProps },
  { kind: 'whose-account', props: WhoseAccount.PreviewProps },
  { kind: 'conversion-planned', props: ConversionPlanned.PreviewProps },
  { kind: 'conversion-called-off', props: ConversionCalledOff.PreviewProps },
  { kind: 'drill-failed', props: DrillFailed.PreviewProps },
  { kind: 'credential-ends', props: CredentialEnds.PreviewProps },
  { kind: 'role-changed', props: RoleChanged.PreviewProps },
  { kind: 'ownership-passed', props: OwnershipPassed.PreviewProps },
  { kind: 'checkpoint', props: Checkpoint.PreviewProps },
  { kind: 'access-review', props: AccessReview.PreviewProps },
  { kind: 'access-review-closed', props: AccessReviewClosed.PreviewProps },
  { kind: 'sign-in-link', props: SignInLink.PreviewProps },
]
