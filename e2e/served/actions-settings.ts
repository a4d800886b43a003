import { newId } from '@/lib/ids'
import { type ActionEntry, on, plain } from './entries'
import { at, more, soon, v1, why } from './fields'

const receiver = { url: 'https://siem.halden.example/audit', format: 'jsonl' }
const accessReview = { ...at, name: 'Autumn', reviewers: 'owners', consequence: 'visible', dueAt: soon(10) }
const conversion = { ...at, ...why, startAt: soon(3), endsAt: soon(10) }

/** The server actions of the settings; see `actions.ts`. */
export const settings: Readonly<Record<string, ActionEntry>> = {
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

  'settings/access-management/overdue#retry': on(
    (it) => ({ grantId: it.lateGrant }),
    '114434+3+ 11444443+ 114444444',
  ),
  'settings/access-management/overdue#attest': on(
    (it) => ({ grantId: it.lateGrant, ...why }),
    '114434+3+ 11444443+ 114444444',
  ),
  'settings/access-management/overdue#confirm': on(
    (it) => ({ grantId: it.statedGrant, ...why }),
    '114434+++ 1144444++ 114444444',
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
  // None is open there, which only an admin is told.
  'settings/quarantine#end': plain(() => ({ quarantineId: newId(), ...why }), '11333333~'),
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
}
