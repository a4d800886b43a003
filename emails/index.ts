import { createElement } from 'react'
import { render } from 'react-email'
import { accessEndedLetter } from './access-ended'
import { accessMissingLetter } from './access-missing'
import { accessReadyLetter } from './access-ready'
import { accessReviewClosedLetter, accessReviewLetter } from './access-review'
import { approvalGapsLetter } from './approval-gaps'
import { askedForYouLetter } from './asked-for-you'
import { endEntry } from './calendar'
import { checkpointLetter } from './checkpoint'
import { connectionTroubleLetter } from './connection-trouble'
import { conversionCalledOffLetter, conversionPlannedLetter } from './conversion'
import { couldNotGiveLetter } from './could-not-give'
import { couldNotRemoveLetter } from './could-not-remove'
import { credentialEndsLetter } from './credential-ends'
import { decisionNeededLetter } from './decision-needed'
import { decisionReminderLetter } from './decision-reminder'
import { driftFoundLetter } from './drift-found'
import { drillFailedLetter } from './drill-failed'
import { emergencyTakenLetter } from './emergency-taken'
import { entitlementGoneLetter } from './entitlement-gone'
import { expiryNoticeLetter } from './expiry-notice'
import { extendedLetter } from './extended'
import { LetterMail } from './frame'
import { type Letter, letterText, subjectLine } from './letter'
import { ownershipPassedLetter } from './ownership-passed'
import type { MailAttachment, MailContent, RenderedMail } from './props'
import { questionAnsweredLetter, questionAskedLetter } from './question'
import { requestApprovedLetter } from './request-approved'
import { requestDeniedLetter } from './request-denied'
import { requestLapsedLetter } from './request-lapsed'
import { requestWithdrawnLetter } from './request-withdrawn'
import { roleChangedLetter } from './role-changed'
import { signInLinkLetter } from './sign-in-link'
import { taskForYouLetter } from './task-for-you'
import { whoseAccountLetter } from './whose-account'

export type * from './props'
export { clean } from './words'

function letterOf(content: MailContent): Letter {
  switch (content.kind) {
    case 'decision-needed':
      return decisionNeededLetter(content.props)
    case 'decision-reminder':
      return decisionReminderLetter(content.props)
    case 'question-asked':
      return questionAskedLetter(content.props)
    case 'question-answered':
      return questionAnsweredLetter(content.props)
    case 'asked-for-you':
      return askedForYouLetter(content.props)
    case 'request-withdrawn':
      return requestWithdrawnLetter(content.props)
    case 'emergency-taken':
      return emergencyTakenLetter(content.props)
    case 'approval-gaps':
      return approvalGapsLetter(content.props)
    case 'request-approved':
      return requestApprovedLetter(content.props)
    case 'request-denied':
      return requestDeniedLetter(content.props)
    case 'request-lapsed':
      return requestLapsedLetter(content.props)
    case 'access-ready':
      return accessReadyLetter(content.props)
    case 'expiry-notice':
      return expiryNoticeLetter(content.props)
    case 'extended':
      return extendedLetter(content.props)
    case 'access-ended':
      return accessEndedLetter(content.props)
    case 'could-not-give':
      return couldNotGiveLetter(content.props)
    case 'could-not-remove':
      return couldNotRemoveLetter(content.props)
    case 'task-for-you':
      return taskForYouLetter(content.props)
    case 'connection-trouble':
      return connectionTroubleLetter(content.props)
    case 'entitlement-gone':
      return entitlementGoneLetter(content.props)
    case 'drift-found':
      return driftFoundLetter(content.props)
    case 'access-missing':
      return accessMissingLetter(content.props)
    case 'whose-account':
      return whoseAccountLetter(content.props)
    case 'conversion-planned':
      return conversionPlannedLetter(content.props)
    case 'conversion-called-off':
      return conversionCalledOffLetter(content.props)
    case 'drill-failed':
      return drillFailedLetter(content.props)
    case 'credential-ends':
      return credentialEndsLetter(content.props)
    case 'role-changed':
      return roleChangedLetter(content.props)
    case 'ownership-passed':
      return ownershipPassedLetter(content.props)
    case 'checkpoint':
      return checkpointLetter(content.props)
    case 'access-review':
      return accessReviewLetter(content.props)
    case 'access-review-closed':
      return accessReviewClosedLetter(content.props)
    case 'sign-in-link':
      return signInLinkLetter(content.props)
  }
}

function attachmentsOf(content: MailContent): MailAttachment[] | undefined {
  if (content.kind === 'expiry-notice') return [endEntry(content.props)]
  return content.kind === 'extended' && !content.props.holder ? [endEntry(content.props)] : undefined
}

/**
 * Writes one mail: subject (one clean line), HTML, plain text and what is attached.
 * Reads no clock and no database; the same content gives the same mail.
 */
export async function renderMail(content: MailContent): Promise<RenderedMail> {
  const letter = letterOf(content)
  const html = await render(createElement(LetterMail, { letter, org: content.props.org }))
  const attachments = attachmentsOf(content)
  return { subject: subjectLine(letter), html, text: letterText(letter), ...(attachments && { attachments }) }
}
