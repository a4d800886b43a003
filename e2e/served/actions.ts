import { newId } from '@/lib/ids'
import { settings } from './actions-settings'
import { type ActionEntry, on, plain } from './entries'
import { at, more, soon, v1, why } from './fields'

/**
 * Every server action. The letters are explained in `replay.ts`; they stand for
 * anonymous, deactivated, member, requester, holder, approver, owner, auditor, admin.
 * They are tried from top to bottom.
 */
export const actions: Readonly<Record<string, ActionEntry>> = {
  'approvals#decide': on(
    (it) => ({ requestId: it.request, verdict: 'approve', note: '', seconds: '21600', ...v1 }),
    '11434+333 114444433 114444444',
  ),
  'approvals#decideMany': on(
    (it) => ({ picked: [`${it.request}:1`], verdict: 'approve', note: '' }),
    '11ooo+ooo 11ooooooo 11ooooooo',
  ),
  'approvals#question': on(
    (it) => ({ requestId: it.request, text: 'For whom?' }),
    '11434+333 114444433 114444444',
  ),
  'approvals#became': on((it) => ({ asks: { ids: [it.request] } }), 'oo+++++++ oo+++++++ oo+++++++'),
  'approvals/access-reviews/[review]#decide': on(
    (it) => ({ picked: [`${it.reviewLine}:1`], decision: 'keep', ...why }),
    '11444+333 114444433 114444444',
  ),
  'approvals/tasks/[id]#complete': on(
    (it) => ({ taskId: it.task, evidence: 'Done in the console', ...v1 }),
    '11444++3+ 11444443+ 114444444',
  ),
  'approvals/tasks/[id]#finishReview': on(
    (it) => ({ taskId: it.review, verdict: 'justified', evidence: 'The pager log of that night', ...v1 }),
    '114444+3+ 11444443+ 114444444',
  ),
  'catalogue/[entitlement]/request#ask': on(
    (it) => ({ entitlementId: it.entitlement, ...more, ...at }),
    '11+++~+++ 11+++++++ 114444444',
  ),
  'catalogue/[entitlement]/request#takeEmergency': on(
    (it) => ({ entitlementId: it.entitlement, known: 'on', ...why }),
    '11++~++++ 11++~++++ 114444444',
  ),
  'catalogue/ask#askSeveral': on(
    (it) => ({ 'items[0].entitlementId': it.entitlement, 'items[0].seconds': '21600', ...why, ...at }),
    '11+++~+++ 11+++++++ 114444444',
  ),
  'grants/[id]/extend#extend': on((it) => ({ grantId: it.grant, ...more }), '1144+4+3+ 11444443+ 114444444'),
  'grants/[id]/give-again#giveAgainAndGoHome': on(
    (it) => ({ grantId: it.lostGrant, ...why }),
    '1144+4+3+ 11444443+ 114444444',
  ),
  'grants/[id]/give-back#giveBackAndGoHome': on(
    (it) => ({ grantId: it.grant, ...why }),
    '1144+4333 114444433 114444444',
  ),
  'requests#giveBack': on((it) => ({ grantId: it.grant, ...why }), '1144+4333 114444433 114444444'),
  'requests#revoke': on((it) => ({ grantId: it.grant, ...why }), '114434+3+ 11444443+ 114444444'),
  'requests#withdraw': on((it) => ({ requestId: it.request }), '114+43333 114444433 114444444'),
  'requests#answer': on(
    (it) => ({ requestId: it.request, questionId: it.question, text: 'A day' }),
    '114+43333 114444433 114444444',
  ),
  'requests#reassign': on(
    (it) => ({ requestId: it.request, 'personIds[0]': it.holder, ...why }),
    '11434333+ 11444443+ 114444444',
  ),
  'requests#nameAccount': on(
    (it) => ({ applicationId: it.application, text: it.newcomer }),
    '11~~~~~~~ 11~~~~~~~ 114444444',
  ),
  'requests#edit': on(
    (it) => ({ requestId: it.request, ...more, seconds: '86400', ...at }),
    '114+43333 114444433 114444444',
  ),
  'you#setAway': on(
    (it) => ({ personId: it.approver, substituteId: it.holder, endsAt: soon(1), ...at }),
    '11444+44+ 11444444+ 114444444',
  ),
  'you#setReading': on(
    (it) => ({ personId: it.requester, timeZone: 'UTC', locale: 'en-GB' }),
    '113+33333 113333333 113333333',
  ),
  // Of a session that is not there: ending a real one would end what this table asks with.
  'you#endOne': on((it) => ({ personId: it.requester, sessionId: newId() }), '113433334 113333334 113333334'),
  'you#signOutEverywhere': on((it) => ({ personId: it.leaver }), '11333333+ 11333333+ 113333334'),
  'you#endAway': on((it) => ({ delegationId: it.delegation }), '11444+44+ 11444444+ 114444444'),
  ...settings,

  'shell#whoIsHere': plain(() => ({ asks: {} }), 'oo+++++++'),
  'shell#searchPalette': plain((it) => ({ asks: it.tag }), 'oo+++++++'),
  // An input that is not understood: where it is, the clock of this file's world stands still.
  'shell#moveClock': plain(() => ({ advance: 'a while' }), '11???????'),
  'sign-in#sendLink': plain(() => ({ email: `nobody-${newId()}@elsewhere.example` }), 'ooooooooo'),
  'sign-in#confirm': plain(
    (it) => ({ email: `nobody-${it.tag}@elsewhere.example`, token: 'made-up' }),
    'ooooooooo',
  ),
  'sign-in#withProvider': plain(() => ({ next: '/', provider: 'oidc' }), '~~~~~~~~~'),
  'sign-in#asDemoPerson': on((it) => ({ personId: it.requester }), '+++++++++ +++++++++ 444444444'),
  'sign-in#signInAgain': plain(() => ({ next: '/' }), 'o++++++++'),
  'sign-in#signOut': plain(() => ({}), 'o++++++++'),
}
