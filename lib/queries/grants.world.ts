import 'server-only'
import { schema } from '../../db/client'
import { createWorld, type TestPerson, type World } from '../../db/testing'
import { type GrantView, plainView } from '../grant-url'
import { newId } from '../ids'
import { grantsPage } from './grants'

/** Three applications, six holders and the people who look at them, for the tests of the table of grants. */

type New = typeof schema.grant.$inferInsert

export const now = new Date('2026-11-12T13:27:46Z')
export const look = { now, zone: 'Europe/Berlin' }
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
export const from = (ms: number) => new Date(now.getTime() + ms)

export let world: World
export let admin: TestPerson
export let owner: TestPerson
export let stranger: TestPerson
export let auditor: TestPerson
export let people: TestPerson[]
export let apps: { id: string; versionId: string; entitlements: string[] }[]

/** Inserts a grant in a shape its checks allow; every live one needs its own person and entitlement. */
export async function grant(person: TestPerson, app: number, more: Partial<New> = {}): Promise<string> {
  const id = newId()
  const place = apps[app]
  const state = more.state ?? 'ended'
  const given = !['scheduled', 'failed'].includes(state)
  const over = state === 'ended' || state === 'revoking'
  await world.db.insert(schema.grant).values({
    id,
    state,
    personId: person.id,
    entitlementId: place?.entitlements[0] ?? '',
    applicationId: place?.id ?? '',
    policyVersionId: place?.versionId ?? '',
    mode: 'just-in-time',
    durationSeconds: 21_600,
    noticeSeconds: 3_600,
    createdAt: from(-DAY),
    startAt: from(-DAY),
    startBy: from(0),
    baseline: given ? 'absent' : null,
    firstGiveAt: given ? from(-DAY) : null,
    grantedAt: given && state !== 'provisioning' ? from(-DAY) : null,
    endsAt: given ? from(-HOUR) : null,
    endReason: over ? 'expired' : null,
    rightOverAt: over ? from(-HOUR) : null,
    seenAbsentAt: state === 'ended' ? from(-HOUR + 1400) : null,
    lateMs: state === 'ended' ? 1400 : null,
    verified: state === 'ended' ? true : null,
    ...more,
  })
  return id
}

/** The request a grant came of, or an extension of it. */
export async function ask(
  grantId: string,
  person: TestPerson,
  app: number,
  more: Partial<typeof schema.request.$inferInsert>,
) {
  await world.db.insert(schema.request).values({
    id: newId(),
    kind: 'grant',
    state: 'approved',
    askerId: person.id,
    personId: person.id,
    entitlementId: apps[app]?.entitlements[0] ?? '',
    policyVersionId: apps[app]?.versionId ?? '',
    grantId,
    seconds: 21_600,
    noticeSeconds: 3_600,
    reason: 'Backfill',
    steps: [],
    stepOpenedAt: from(-DAY),
    askId: newId(),
    decideFrom: from(-DAY),
    askedAt: from(-DAY),
    decideBy: from(DAY),
    ...more,
  })
}

export const see = (view: Partial<GrantView>, who: TestPerson = admin, size?: number) =>
  grantsPage(world.as(who), { ...plainView, ...view }, look, size)
export const idsOf = async (view: Partial<GrantView>, who?: TestPerson) =>
  (await see(view, who))?.rows.map((row) => row.id).sort()

/** Clones a world and fills it; close it at the end. */
export async function openGrantsWorld(): Promise<void> {
  world = await createWorld()
  admin = await world.person('Ines Albrecht', { admin: true })
  auditor = await world.person('Audra Kern', { auditor: true })
  owner = await world.person('Otto Berg')
  stranger = await world.person('Sten Lund')
  people = []
  for (const name of [
    'Ana Oliveira',
    'ben okafor',
    'Élodie Petit',
    'Chidi 100% Eze',
    'Dana_X Fox',
    'Ana Oliveira Two',
  ])
    people.push(await world.person(name))
  apps = []
  for (const [i, name] of ['Data warehouse', 'GitHub', 'Stripe'].entries()) {
    const id = await world.application(name, { owners: i === 0 ? [owner] : [], taskSeconds: 3_600 })
    const entitlements = [
      await world.entitlement(id, `${name} role`),
      await world.entitlement(id, `${name} admin`),
    ]
    const policyId = await world.policy(`${name} policy`, { entitlementIds: entitlements })
    const version = await world.db.query.policyVersion.findFirst({
      where: (v, { eq }) => eq(v.policyId, policyId),
    })
    apps.push({ id, versionId: version?.id ?? '', entitlements })
  }
}
