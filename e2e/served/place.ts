import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { TestPerson, World } from '@/db/testing'
import { sealAll } from '@/lib/audit/sealer'
import type { Target } from '@/lib/connectors/testing/target'
import { DAY, HOUR } from '@/lib/domain/duration'
import { blankPolicy, type PolicyDefinition } from '@/lib/domain/policy'
import type { SubjectType, TimelineVerb } from '@/lib/domain/timeline'
import { hashToken, newId, newToken } from '@/lib/ids'

type Party = Pick<TestPerson, 'id' | 'name' | 'email'>

/** Who plays which part around one application. */
export interface Parties {
  readonly requester: Party
  readonly holder: Party
  readonly approver: Party
  readonly owner: Party
}

/**
 * One of everything that a door can be about, and whose it is. Values that are no id: `externalId` and `newcomer` are
 * names in the target, `definition` is the text of a policy's draft.
 */
export type Place = Awaited<ReturnType<typeof createPlace>>

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000)
const ahead = (seconds: number) => new Date(Date.now() + seconds * 1000)

/** An application with a real target behind it, one that people fulfil, and everything that can hang on the two. */
export async function createPlace(world: World, target: Target, parties: Parties) {
  const { db } = world
  const tag = newId().slice(-8)
  const { requester, holder, approver, owner } = parties
  const owners = [owner] as TestPerson[]

  const connection = await world.connection(
    'webhook',
    { url: target.url, effectDelaySeconds: 0, endsSessions: true, listsHolders: true },
    { secret: target.secret },
  )
  const applicationName = `Warehouse ${tag}`
  const application = await world.application(applicationName, { owners, connectionId: connection })
  const offer = async (name: string) => {
    const external = target.state.addEntitlement({ name: `${name} ${tag}` })
    const id = await world.entitlement(application, `${name} ${tag}`, { externalId: external.id })
    return { id, externalId: external.id }
  }
  const [held, asked, free, lost, urgent, standing, kept, spare, late, stated] = await Promise.all([
    offer('held'),
    offer('asked'),
    offer('free'),
    offer('lost'),
    offer('urgent'),
    offer('standing'),
    offer('kept'),
    offer('spare'),
    offer('late'),
    offer('stated'),
  ])
  const [group, resting, inner, outer] = await Promise.all([
    world.group(`Fulfillers ${tag}`, [approver as TestPerson]),
    world.group(`Resting ${tag}`, []),
    world.group(`Inner ${tag}`, []),
    world.group(`Outer ${tag}`, []),
  ])
  const [hand, frozen] = await Promise.all([
    world.application(`By hand ${tag}`, { owners, fulfilmentGroupId: group }),
    world.application(`Frozen ${tag}`, { owners, fulfilmentGroupId: group }),
    db.update(schema.group).set({ deactivatedAt: new Date() }).where(eq(schema.group.id, resting)),
    db.insert(schema.groupNesting).values({ parentId: outer, childId: inner }),
  ])
  await db
    .update(schema.application)
    .set({ frozenAt: ago(60), frozenReason: 'An incident' })
    .where(eq(schema.application.id, frozen))
  const byHand = await world.entitlement(hand, `by hand ${tag}`)

  const definition: PolicyDefinition = {
    ...blankPolicy,
    entitlementIds: [held, asked, free, lost, urgent, standing, kept, late, stated]
      .map((one) => one.id)
      .concat(byHand),
    steps: [{ approvers: [{ kind: 'person', id: approver.id }], quorum: 1 }],
    presets: [
      { seconds: 6 * HOUR, noticeSeconds: HOUR },
      { seconds: DAY, noticeSeconds: 4 * HOUR },
    ],
    extension: { allowed: true, maxCount: 2, maxTotalSeconds: 3 * DAY },
    emergency: { allowed: true, seconds: 6 * HOUR },
  }
  const policy = await world.policy(`Policy ${tag}`, definition)
  await db.update(schema.policy).set({ draft: definition }).where(eq(schema.policy.id, policy))
  const [version] = await db
    .select({ id: schema.policyVersion.id })
    .from(schema.policyVersion)
    .where(eq(schema.policyVersion.policyId, policy))
  if (!version) throw new Error('no version was published')

  const account = async (who: Party) => {
    const external = target.state.addAccount({ email: who.email, name: who.name })
    const id = newId()
    await db.insert(schema.account).values({
      id,
      connectionId: connection,
      personId: who.id,
      externalId: external.id,
      name: who.name,
      email: who.email,
    })
    return { id, externalId: external.id }
  }
  const newcomer = target.state.addAccount({ email: `new-${tag}@halden.example`, name: `new-${tag}` })
  target.state.addAccount({ email: `idle-${tag}@halden.example`, name: `idle-${tag}` })

  const [pinned, keeper] = await Promise.all([account(holder), account(requester)])
  target.state.hold(kept.externalId, keeper.externalId, { state: 'direct' })
  await db.insert(schema.standing).values({
    entitlementId: kept.id,
    externalId: keeper.externalId,
    name: requester.name,
    email: requester.email,
    since: ago(DAY),
  })

  /** The first entry of its timeline, which has no gap. */
  const begun = (subjectType: SubjectType, subjectId: string, verb: TimelineVerb) =>
    db
      .insert(schema.timeline)
      .values({ subjectType, subjectId, version: 1, verb, at: ago(HOUR), actorSystem: 'engine', data: {} })

  const ask = async (entitlementId: string, more: Partial<typeof schema.request.$inferInsert>) => {
    const id = newId()
    await db.insert(schema.request).values({
      id,
      kind: 'grant',
      state: 'pending',
      askerId: requester.id,
      personId: requester.id,
      entitlementId,
      policyVersionId: version.id,
      seconds: 6 * HOUR,
      noticeSeconds: HOUR,
      reason: 'The month is being closed',
      steps: [...definition.steps],
      stepOpenedAt: ago(60),
      askId: newId(),
      askedAt: ago(60),
      decideFrom: ago(60),
      decideBy: ahead(DAY),
      ...more,
    })
    await begun('request', id, 'asked')
    return id
  }
  const lease = async (
    entitlementId: string,
    applicationId: string,
    more: Partial<typeof schema.grant.$inferInsert> = {},
  ) => {
    const id = newId()
    await db.insert(schema.grant).values({
      id,
      state: 'active',
      personId: holder.id,
      entitlementId,
      applicationId,
      policyVersionId: version.id,
      mode: 'just-in-time',
      durationSeconds: 6 * HOUR,
      noticeSeconds: HOUR,
      createdAt: ago(HOUR),
      startAt: ago(HOUR),
      startBy: ahead(DAY),
      accountId: applicationId === application ? pinned.id : null,
      baseline: 'absent',
      firstGiveAt: ago(HOUR),
      grantedAt: ago(HOUR),
      endsAt: ahead(5 * HOUR),
      ...more,
    })
    await begun('grant', id, 'agreed')
    const origin = { state: 'approved', decidedAt: ago(HOUR), grantId: id } as const
    await ask(entitlementId, { ...origin, askerId: holder.id, personId: holder.id })
    return id
  }
  target.state.hold(held.externalId, pinned.externalId, { state: 'direct' })
  const notYet = { firstGiveAt: null, grantedAt: null, endsAt: null }
  const [request, grant, lostGrant, handGrant, urgentGrant, planned] = await Promise.all([
    ask(asked.id, {}),
    lease(held.id, application),
    lease(lost.id, application),
    lease(byHand, hand, { ...notYet, state: 'provisioning', firstGiveAt: ago(60) }),
    lease(urgent.id, application, { emergency: true }),
    lease(standing.id, application, {
      ...notYet,
      state: 'scheduled',
      converts: true,
      baseline: null,
      startAt: ahead(2 * DAY),
    }),
  ])

  const overAt = ago(HOUR)
  const overdue = {
    state: 'revoking',
    endReason: 'expired',
    endsAt: overAt,
    rightOverAt: overAt,
    overdueSince: ago(HOUR - 60),
    lastAnswer: 'retryable',
  } as const
  const lateGrant = await lease(late.id, application, overdue)
  const statedGrant = await lease(stated.id, application, overdue)
  await db.insert(schema.attestation).values({
    id: newId(),
    grantId: statedGrant,
    rightOverAt: overAt,
    seat: 1,
    personId: approver.id,
    at: ago(60),
  })

  const question = newId()
  await db.insert(schema.question).values({
    id: question,
    requestId: request,
    personId: approver.id,
    text: 'For how long, really?',
    askedAt: ago(30),
  })
  const task = newId()
  const review = newId()
  await db.insert(schema.task).values([
    { id: task, grantId: handGrant, kind: 'give', groupId: group, openedAt: ago(60), dueAt: ahead(HOUR) },
    { id: review, grantId: urgentGrant, kind: 'review', openedAt: ago(60), dueAt: ahead(DAY) },
  ])
  await begun('task', task, 'task_opened')
  await begun('task', review, 'task_opened')
  const accessReview = newId()
  await db.insert(schema.accessReview).values({
    id: accessReview,
    name: `Review ${tag}`,
    applicationId: hand,
    reviewers: 'people',
    reviewerIds: [approver.id],
    consequence: 'visible',
    startedBy: owner.id,
    startedAt: ago(60),
    dueAt: ahead(2 * DAY),
    gaps: [],
    leftOut: [],
  })
  const reviewLine = newId()
  await db.insert(schema.accessReviewLine).values({
    id: reviewLine,
    accessReviewId: accessReview,
    entitlementId: byHand,
    grantId: handGrant,
    personId: holder.id,
  })
  await begun('access_review', accessReview, 'review_started')
  const finding = newId()
  await db.insert(schema.finding).values([
    {
      id: finding,
      kind: 'unknown_holder',
      entitlementId: held.id,
      holder: { id: newcomer.id, name: `new-${tag}` },
      detail: 'Holds it without a lease.',
      foundAt: ago(60),
    },
    {
      id: newId(),
      kind: 'missing_holder',
      grantId: lostGrant,
      entitlementId: lost.id,
      detail: 'The target shows nothing of it.',
      foundAt: ago(60),
    },
  ])
  await db
    .update(schema.entitlement)
    .set({ holdersAt: ago(60) })
    .where(eq(schema.entitlement.applicationId, application))
  const rule = newId()
  await db.insert(schema.separation).values({
    id: rule,
    name: `Apart ${tag}`,
    reason: 'Too much in one hand',
    effect: 'refuse',
    approvers: [],
  })
  await db
    .insert(schema.separationEntitlement)
    .values([free, spare].map((one) => ({ separationId: rule, entitlementId: one.id })))
  const delegation = newId()
  await db.insert(schema.delegation).values({
    id: delegation,
    personId: approver.id,
    substituteId: requester.id,
    startsAt: ahead(2 * DAY),
    endsAt: ahead(3 * DAY),
    createdAt: ago(60),
  })
  const { id: leaver } = await world.person(`Left ${tag}`, {
    email: `left-${tag}@halden.example`,
    deactivatedAt: ago(DAY),
  })
  await begun('person', leaver, 'deactivated')
  const scimClient = newId()
  const scimToken = newId()
  const made = { createdAt: ago(60), createdBy: owner.id }
  await db.insert(schema.scimClient).values({ id: scimClient, name: `Client ${tag}`, ...made })
  await db
    .insert(schema.scimToken)
    .values({ id: scimToken, clientId: scimClient, hash: hashToken(newToken()), hint: 'last', ...made })
  const receiver = newId()
  await db.insert(schema.auditReceiver).values({
    id: receiver,
    url: `${target.url}/audit`,
    secret: 'sealed somewhere else',
    format: 'jsonl',
    position: 0,
    createdAt: ago(60),
  })
  // What is to be erased is in the chain.
  await sealAll(db)
  const file = newId()
  await db.insert(schema.directoryImport).values({
    id: file,
    kind: 'people',
    fileName: 'people.csv',
    content: `email,name\nfile-${tag}@halden.example,From a file\n`,
    lines: 1,
    createdBy: owner.id,
    createdAt: ago(60),
  })
  const view = newId()
  await db
    .insert(schema.savedView)
    .values({ id: view, personId: requester.id, name: `Mine ${tag}`, query: 'status=active' })

  return {
    tag,
    application,
    applicationName,
    hand,
    frozen,
    url: target.url,
    secret: target.secret,
    entitlement: free.id,
    heldEntitlement: held.id,
    spareEntitlement: spare.id,
    handEntitlement: byHand,
    keptEntitlement: kept.id,
    keeper: keeper.externalId,
    policy,
    definition: JSON.stringify(definition),
    request,
    question,
    grant,
    lostGrant,
    lateGrant,
    statedGrant,
    planned,
    task,
    review,
    accessReview,
    reviewLine,
    finding,
    account: pinned.id,
    newcomer: `new-${tag}`,
    newcomerId: newcomer.id,
    idle: `idle-${tag}`,
    group,
    resting,
    rule,
    delegation,
    view,
    leaver,
    inner,
    outer,
    scimClient,
    scimToken,
    receiver,
    file,
    requester: requester.id,
    holder: holder.id,
    approver: approver.id,
  }
}
