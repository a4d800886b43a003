import { newId } from '@/lib/ids'
import { type ActionEntry, on, plain } from './entries'

const at = { zone: 'UTC' }
const why = { reason: 'The month is being closed' }
const v1 = { version: '1' }
const more = { seconds: '21600', ...why }
const soon = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 16)
const receiver = { url: 'https://siem.halden.example/audit', format: 'jsonl' }
const accessReview = { ...at, name: 'Autumn', reviewers: 'owners', consequence: 'visible', dueAt: soon(10) }
const conversion = { ...at, ...why, startAt: soon(3), endsAt: soon(10) }

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

  'settings/access-management/grants#revoke': on(
    (it) => ({ grantId: it.grant, ...why }),
    '114434+3+ 11444443+ 114444444',
  ),
  'settings/access-management/grants#revokeSelected': on(
    (it) => ({ grantIds: [it.grant], ...why }),
    '11oooo+o+ 11oooooo+ 11ooooooo',
  ),
  'settings/access-management/grants#extend': on(
    (it) => ({ grantId: it.grant, ...more }),
    '1144+4+3+ 11444443+ 114444444',
  ),
  'settings/access-management/grants#extendSelected': on(
    (it) => ({ grantIds: [it.grant], ...more }),
    '11oo+o+o+ 11oooooo+ 11ooooooo',
  ),
  'settings/access-management/grants#keepView': plain(
    () => ({ name: 'Mine', query: 'status=active' }),
    '11+++++++',
  ),
  'settings/access-management/grants#dropView': on(
    (it) => ({ viewId: it.view }),
    '114+44444 114444444 114444444',
  ),

  'settings/access-management/policies#create': plain((it) => ({ name: `New ${it.tag}` }), '11333333+'),
  'settings/access-management/policies#save': on(
    (it) => ({ policyId: it.policy, name: `Saved ${it.tag}`, definition: it.definition, ...v1 }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/access-management/policies#publish': on(
    (it) => ({ policyId: it.policy, ...v1 }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/access-management/policies#discard': on(
    (it) => ({ policyId: it.policy, ...v1 }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/access-management/policies#archive': on(
    (it) => ({ policyId: it.policy, ...v1 }),
    '11333333+ 11333333+ 113333334',
  ),

  'settings/access-management/separation#create': plain(
    (it) => ({
      name: `Kept apart ${it.tag}`,
      ...why,
      entitlementIds: [it.heldEntitlement, it.spareEntitlement],
      effect: 'refuse',
    }),
    '11333333+',
  ),
  'settings/access-management/separation#change': on(
    (it) => ({
      separationId: it.rule,
      name: `Kept apart ${it.tag}`,
      ...why,
      entitlementIds: [it.heldEntitlement, it.spareEntitlement],
      effect: 'refuse',
      ...v1,
    }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/access-management/separation#archive': on(
    (it) => ({ separationId: it.rule, ...v1 }),
    '11333333+ 11333333+ 113333334',
  ),

  'settings/access-management/access-reviews#preview': on(
    (it) => ({ applicationId: it.application, ...accessReview }),
    '114444o3o 11444443o 114444434',
  ),
  'settings/access-management/access-reviews#start': on(
    (it) => ({ applicationId: it.application, ...accessReview }),
    '114444+3+ 11444443+ 114444434',
  ),
  'settings/access-management/access-reviews#callOff': on(
    (it) => ({ reviewId: it.accessReview, ...why }),
    '114444+3+ 11444443+ 114444444',
  ),

  'settings/access-management/applications#create': plain(
    (it) => ({ name: `New ${it.tag}`, fulfilmentGroupId: it.group, 'ownerIds[0]': it.holder }),
    '11333333+',
  ),
  'settings/access-management/applications#edit': on(
    (it) => ({ applicationId: it.application, name: `Renamed ${it.tag}`, ...v1 }),
    '114444+3+ 11444443+ 114444434',
  ),
  'settings/access-management/applications#nameOwners': on(
    (it) => ({ applicationId: it.application, 'ownerIds[0]': it.holder, ...v1 }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/access-management/applications#archive': on(
    (it) => ({ applicationId: it.application, ...v1 }),
    '11333333~ 11333333~ 113333334',
  ),
  'settings/access-management/applications#remove': on(
    (it) => ({ applicationId: it.application, ...v1 }),
    '11333333~ 11333333~ 113333334',
  ),
  'settings/access-management/applications#changeSettings': on(
    (it) => ({
      applicationId: it.application,
      'settings.url': it.url,
      'settings.effectDelaySeconds': '5',
      ...v1,
    }),
    '11444433+ 11444443+ 114444444',
  ),
  'settings/access-management/applications#replaceSecret': on(
    (it) => ({ applicationId: it.application, 'secrets.secret': it.secret, ...v1 }),
    '11444433+ 11444443+ 114444444',
  ),
  'settings/access-management/applications#pause': on(
    (it) => ({ applicationId: it.application, paused: 'true', ...why, ...v1 }),
    '11444433+ 11444443+ 114444444',
  ),
  'settings/access-management/applications#freeze': on(
    (it) => ({ applicationId: it.application, ...why }),
    '114444+3+ 11444443+ 114444434',
  ),
  'settings/access-management/applications#thaw': on(
    (it) => ({ applicationId: it.frozen, ...why }),
    '114444+3+ 11444443+ 114444434',
  ),
  'settings/access-management/applications#test': on(
    (it) => ({ applicationId: it.application }),
    '114444+3+ 11444443+ 114444434',
  ),
  'settings/access-management/applications#sync': on(
    (it) => ({ applicationId: it.application }),
    '114444+3+ 11444443+ 114444434',
  ),
  'settings/access-management/applications#acceptList': on(
    (it) => ({ applicationId: it.application }),
    '11444433+ 11444443+ 114444434',
  ),
  'settings/access-management/applications#add': on(
    (it) => ({ applicationId: it.hand, name: `Another ${it.tag}` }),
    '114444+3+ 11444443+ 114444434',
  ),
  'settings/access-management/applications#describe': on(
    (it) => ({ entitlementId: it.entitlement, description: 'Reads', risk: 'high', ...v1 }),
    '114444+3+ 11444443+ 114444444',
  ),
  'settings/access-management/applications#link': on(
    (it) => ({ applicationId: it.application, personId: it.approver, text: it.newcomer }),
    '114444+3+ 11444443+ 114444444',
  ),
  'settings/access-management/applications#unlink': on(
    (it) => ({ applicationId: it.application, accountId: it.account }),
    '114444~3~ 11444443~ 114444444',
  ),
  'settings/access-management/applications#setAside': on(
    (it) => ({ applicationId: it.application, entitlementId: it.spareEntitlement, account: it.idle }),
    '11444433+ 11444443+ 114444444',
  ),
  'settings/access-management/applications#runDrill': on(
    (it) => ({ applicationId: it.application }),
    '114444~3~ 11444443~ 114444444',
  ),
  'settings/access-management/applications#endDrill': on(
    (it) => ({ applicationId: it.application }),
    '11444433~ 11444443~ 114444444',
  ),
  'settings/access-management/applications#readHolding': on(
    (it) => ({ applicationId: it.application }),
    '114444+3+ 11444443+ 114444434',
  ),
  'settings/access-management/applications#adopt': on(
    (it) => ({ findingId: it.finding, ...why }),
    '114444+3+ 11444443+ 114444444',
  ),
  'settings/access-management/applications#ignore': on(
    (it) => ({ findingId: it.finding, ...why }),
    '114444+3+ 11444443+ 114444444',
  ),
  'settings/access-management/applications#removeFound': on(
    (it) => ({
      applicationId: it.application,
      findingIds: [it.finding],
      confirm: it.applicationName,
      ...why,
    }),
    '114444+3+ 11444443+ 114444434',
  ),
  'settings/access-management/applications#makeExclusive': on(
    (it) => ({ entitlementId: it.heldEntitlement, exclusive: 'true', cap: '5', seen: [it.finding], ...v1 }),
    '11444433+ 11444443+ 114444444',
  ),
  'settings/access-management/applications/[application]/convert#preview': on(
    (it) => ({
      ...conversion,
      entitlementId: it.keptEntitlement,
      holders: JSON.stringify([{ externalId: it.keeper }]),
    }),
    '114444o3o 11444443o 114444444',
  ),
  'settings/access-management/applications/[application]/convert#convert': on(
    (it) => ({
      ...conversion,
      entitlementId: it.keptEntitlement,
      holders: JSON.stringify([{ externalId: it.keeper }]),
    }),
    '114444+3+ 11444443+ 114444444',
  ),
  'settings/access-management/applications/[application]/convert#callOff': on(
    (it) => ({ grantIds: [it.planned], ...why }),
    '114434+3+ 11444443+ 114444444',
  ),

  'settings/audit/delivery#add': plain(
    () => ({ ...receiver, secret: `whsec_${'A'.repeat(32)}`, from: 'now' }),
    '11333333+',
  ),
  'settings/audit/delivery#edit': on(
    (it) => ({ receiverId: it.receiver, ...receiver, ...v1 }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/audit/delivery#pause': on(
    (it) => ({ receiverId: it.receiver, paused: 'yes' }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/audit/delivery#replay': on(
    (it) => ({ receiverId: it.receiver, from: '1' }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/audit/delivery#remove': on(
    (it) => ({ receiverId: it.receiver }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/directory#connect': plain((it) => ({ name: `New ${it.tag}` }), '11333333+'),
  'settings/directory#addToken': on((it) => ({ clientId: it.scimClient }), '11333333+ 11333333+ 113333334'),
  'settings/directory#revokeToken': on(
    (it) => ({ clientId: it.scimClient, tokenId: it.scimToken }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/directory#disconnect': on((it) => ({ clientId: it.scimClient }), '11333333+ 11333333+ 113333334'),
  'settings/organisation#edit': plain(
    () => ({ name: 'Halden', timeZone: 'UTC', floorSeconds: '900', ...v1 }),
    '11333333+',
  ),
  'settings/organisation#freeze': plain(() => why, '11333333+'),
  'settings/organisation#thaw': plain(() => why, '11333333+'),
  'settings/organisation#requireSignOn': plain(() => ({ version: '999', only: 'no' }), '11333333~'),
  'settings/people#preview': on(
    (it) => ({ asks: { personId: it.requester } }),
    'oooooooo+ oooooooo+ oooooooo+',
  ),
  'settings/people#deactivate': on(
    (it) => ({ personId: it.requester, ...why }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/people#reactivate': on(
    (it) => ({ personId: it.leaver, ...why }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/people#setRole': on(
    (it) => ({ personId: it.requester, role: 'auditor', to: 'given', ...why }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/people#endOneSession': on(
    (it) => ({ personId: it.requester, sessionId: newId() }),
    '113433334 113333334 113333334',
  ),
  'settings/people#endEverySession': on((it) => ({ personId: it.leaver }), '11333333+ 11333333+ 113333334'),
  // Nobody here came in through a provider, so there is nothing to forget.
  'settings/people#forgetAccounts': on((it) => ({ personId: it.leaver }), '11333333~ 11333333~ 11333333~'),
  'settings/people#createOne': plain(
    (it) => ({ name: 'A new one', email: `new-one-${it.tag}@halden.example` }),
    '11333333+',
  ),
  'settings/people#editOne': on(
    (it) => ({ personId: it.requester, name: 'Renamed', email: `renamed-${it.tag}@halden.example`, ...v1 }),
    '11333333+ 11333333+ 113333334',
  ),
  // The list that was looked at is named by a digest that this one does not have: nothing is brought in.
  'settings/people#confirmImport': on(
    (it) => ({ importId: it.file, seen: '0'.repeat(64) }),
    '11333333~ 11333333~ 113333334',
  ),
  'settings/people#create': plain((it) => ({ name: `New ${it.tag}` }), '11333333+'),
  'settings/people#edit': on(
    (it) => ({ groupId: it.group, name: `Renamed ${it.tag}`, ...v1 }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/people#add': on(
    (it) => ({ groupId: it.group, 'personIds[0]': it.requester }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/people#takeOut': on(
    (it) => ({ groupId: it.group, personId: it.approver }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/people#nest': on(
    (it) => ({ groupId: it.group, 'childIds[0]': it.inner }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/people#unnest': on(
    (it) => ({ groupId: it.outer, childId: it.inner }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/people#handOver': on(
    (it) => ({ groupId: it.inner, clientId: it.scimClient, ...v1 }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/people#putOutOfUse': on((it) => ({ groupId: it.group, ...v1 }), '11333333+ 11333333+ 113333334'),
  'settings/people#putInUse': on((it) => ({ groupId: it.resting, ...v1 }), '11333333+ 11333333+ 113333334'),
  'settings/people/[person]/erase#erase': on(
    (it) => ({ personId: it.leaver, ...why }),
    '11333333+ 11333333+ 113333334',
  ),
  'settings/take-back#takeEverything': on(
    (it) => ({ scope: 'application', id: it.application, ...why }),
    '114444+3+ 11444443+ 114444434',
  ),

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
