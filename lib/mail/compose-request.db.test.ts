import { and, eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { renderMail } from '@/emails'
import { readNow } from '@/lib/clock'
import { DAY, HOUR, plus } from '@/lib/domain/duration'
import type { PolicyDefinition } from '@/lib/domain/policy'
import { newId } from '@/lib/ids'
import { openLink } from '@/lib/links'
import { decideOnRequest, withdrawRequest } from '@/lib/services/decisions'
import { askForExtension } from '@/lib/services/extension-requests'
import { deactivatePerson } from '@/lib/services/people'
import { answerQuestion, askQuestion } from '@/lib/services/request-edits'
import { reassignRequest } from '@/lib/services/request-escalation'
import { askForAccess, askForSeveral } from '@/lib/services/requests'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { composeMail, stillOwed } from './compose'

let world: LeaseWorld
let carl: TestPerson
let dana: TestPerson
let groupId: string

beforeEach(async () => {
  world = await createLeaseWorld()
  carl = await world.person('Carl Diaz')
  dana = await world.person('Dana Ekow')
  groupId = await world.group('Approvers', [carl, dana])
})
afterEach(() => world.close())

/** An entitlement whose requests the group decides on. */
async function offered(name: string, more: Partial<PolicyDefinition> = {}): Promise<string> {
  const { id: externalId } = world.target.state.addEntitlement({ name })
  const entitlementId = await world.entitlement(world.applicationId, name, { externalId })
  const steps = [{ approvers: [{ kind: 'group' as const, id: groupId }], quorum: 1 }]
  await world.policy(name, { entitlementIds: [entitlementId], steps, ...more })
  return entitlementId
}

async function asked(more: Partial<PolicyDefinition> = {}, seconds = 6 * HOUR): Promise<string> {
  const entitlementId = await offered('staging_write', more)
  const input = { entitlementId, seconds, reason: 'INC-2417' }
  return must(await askForAccess(world.as(world.ana), input)).requestId
}

const rowsFor = (who: TestPerson, kind: string) =>
  world.db.query.mail.findMany({
    where: and(eq(schema.mail.personId, who.id), eq(schema.mail.kind, kind)),
    orderBy: schema.mail.createdAt,
  })

/** The last owed mail of a kind to somebody: as it would go out now, or null where it is dropped. */
async function written(who: TestPerson, kind: string, grantId?: string) {
  const row = (await rowsFor(who, kind)).filter((r) => !grantId || r.grantId === grantId).at(-1)
  if (!row) throw new Error(`no ${kind} is owed to ${who.name}`)
  const now = await readNow(world.db)
  const content = await composeMail(world.db, row, now)
  expect(await stillOwed(world.db, row, now)).toBe(content !== null)
  return content && renderMail(content)
}

async function say(who: TestPerson, requestId: string, verdict: 'approve' | 'deny', more: object = {}) {
  const row = await world.db.query.request.findFirst({ where: eq(schema.request.id, requestId) })
  return decideOnRequest(world.as(who), {
    requestId,
    verdict,
    note: 'as agreed',
    version: row?.version ?? 0,
    ...more,
  })
}

const tokensIn = (text: string) => [
  ...new Set([...text.matchAll(/\/decide\/([A-Za-z0-9_-]{43})/g)].map((m) => m[1] ?? '')),
]

async function away(who: TestPerson, substitute: TestPerson): Promise<void> {
  const now = await readNow(world.db)
  await world.db.insert(schema.delegation).values({
    id: newId(),
    personId: who.id,
    substituteId: substitute.id,
    startsAt: plus(now, -HOUR),
    endsAt: plus(now, 3 * DAY),
    createdAt: plus(now, -HOUR),
  })
}

describe('several asked for in one go', () => {
  async function askedThree() {
    const names = ['staging_write', 'staging_admin', 'staging_logs']
    const items = []
    for (const name of names) items.push({ entitlementId: await offered(name), seconds: 6 * HOUR })
    return must(await askForSeveral(world.as(world.ana), { items, reason: 'INC-2417' })).requestIds
  }

  it('are one mail to each approver, with a page for each of them', async () => {
    const ids = await askedThree()
    expect(await rowsFor(carl, 'decision-needed')).toHaveLength(1)
    const mail = await written(carl, 'decision-needed')
    expect(mail?.subject).toMatch(/^Ana Oliveira asks for 3 things at once: staging_/)
    const tokens = tokensIn(mail?.text ?? '')
    expect(tokens).toHaveLength(3)
    const opened = await Promise.all(tokens.map((token) => openLink(world.db, token, 'decide')))
    expect(opened.map((o) => o.link?.requestId).sort()).toEqual([...ids].sort())
    expect(opened.every((o) => o.state === 'ok' && o.link?.personId === carl.id)).toBe(true)
    for (const token of tokens) expect(mail?.html).toContain(`/decide/${token}`)
  })

  it('tell only of what is left, whichever of them was decided first', async () => {
    const [first = '', second = '', third = ''] = await askedThree()
    must(await say(dana, first, 'deny'))
    expect((await written(carl, 'decision-needed'))?.subject).toMatch(/asks for 2 things at once/)
    must(await withdrawRequest(world.as(world.ana), second))
    const mail = await written(carl, 'decision-needed')
    expect(mail?.subject).toMatch(/^Ana Oliveira asks for staging_\w+ on Data warehouse for 6 hours$/)
    expect(tokensIn(mail?.text ?? '')).toHaveLength(1)
    must(await say(dana, third, 'approve'))
    expect(await written(carl, 'decision-needed')).toBeNull()
  })
})

describe('a mail to an approver', () => {
  it('says who, what, how long, why and what they hold', async () => {
    await asked()
    const mail = await written(carl, 'decision-needed')
    expect(mail?.subject).toBe('Ana Oliveira asks for staging_write on Data warehouse for 6 hours')
    expect(mail?.text).toContain('INC-2417')
    expect(mail?.text).toContain('Ana holds nothing else now.')
    expect(mail?.text).toContain('You get this because you belong to a group the access policy names.')
  })

  it('is dropped once somebody else has decided, or the reader may not any more', async () => {
    const id = await asked()
    await world.db.delete(schema.groupMember).where(eq(schema.groupMember.personId, dana.id))
    expect(await written(dana, 'decision-needed')).toBeNull()
    must(await say(carl, id, 'approve'))
    expect(await written(carl, 'decision-needed')).toBeNull()
  })

  it('goes to the substitute, who is told in whose place and until when', async () => {
    const eli = await world.person('Eli Frost')
    await away(carl, eli)
    const id = await asked()
    const mail = await written(eli, 'decision-needed')
    expect(mail?.text).toContain('You decide in place of Carl, who is away until')
    expect(mail?.text).toContain('You get this because Carl Diaz is asked to decide, is away and named you.')
    expect(mail?.text).toContain('Who can decide: You and Dana Ekow.')
    must(await say(eli, id, 'deny'))
    expect((await written(world.ana, 'request-denied'))?.text).toContain(
      'Eli Frost, in place of Carl Diaz, said no',
    )
  })

  it('to the fallback says that nobody decided so far, and not so to the first who were asked', async () => {
    const approvers = [{ kind: 'group' as const, id: groupId }]
    await asked({ steps: [{ approvers, quorum: 1, escalateSeconds: 2 * HOUR }], reminders: [] })
    await world.advance('+2h')
    expect((await written(world.ben, 'decision-needed'))?.text).toContain(
      'Nobody of those who were asked first has decided so far, so you are asked as well.',
    )
    expect((await written(carl, 'decision-needed'))?.text).not.toContain('Nobody of those who were asked')
  })

  it('to the fallback says that nobody is left', async () => {
    await asked()
    for (const who of [carl, dana]) must(await deactivatePerson(world.as(world.ines), { personId: who.id }))
    expect((await written(world.ben, 'decision-needed'))?.text).toContain(
      'Too few of those who were asked first are left, so you are asked to decide.',
    )
  })

  it('after a reassignment names who did it and why; whoever was asked before gets none', async () => {
    const requestId = await asked()
    const input = { requestId, personIds: [world.ben.id], reason: 'Both are at the fair' }
    must(await reassignRequest(world.as(world.ines), input))
    const mail = await written(world.ben, 'decision-needed')
    expect(mail?.text).toContain('Ines Albrecht asked you to decide instead: Both are at the fair.')
    expect(mail?.text).toContain('You get this because an administrator had you decide instead.')
    expect(await written(carl, 'decision-needed')).toBeNull()
  })

  it('reminds with a link of its own, and not once it is decided', async () => {
    const id = await asked({ reminders: [25], decideWithinSeconds: DAY })
    const before = tokensIn((await written(carl, 'decision-needed'))?.text ?? '')
    await world.advance('+6h')
    const mail = await written(carl, 'decision-reminder')
    expect(mail?.subject).toMatch(/^Still waiting: Ana Oliveira asks for staging_write/)
    const [token = ''] = tokensIn(mail?.text ?? '')
    expect(before).not.toContain(token)
    expect(await openLink(world.db, token, 'decide')).toMatchObject({ state: 'ok' })
    must(await say(dana, id, 'approve'))
    expect(await written(carl, 'decision-reminder')).toBeNull()
  })
})

describe('a question', () => {
  it('goes to who asked, and its answer back with a page to decide on', async () => {
    const requestId = await asked()
    const ask = { requestId, text: 'Would the replica do?' }
    const { questionId } = must(await askQuestion(world.as(carl), ask))
    expect((await written(world.ana, 'question-asked'))?.text).toContain(`/requests/${requestId}#questions`)
    expect((await written(dana, 'decision-needed'))?.text).toContain('Carl: Would the replica do?')
    must(await answerQuestion(world.as(world.ana), { requestId, questionId, text: 'No, it lags' }))
    expect(await written(world.ana, 'question-asked')).toBeNull()
    const answer = await written(carl, 'question-answered')
    expect(answer?.text).toContain('No, it lags')
    expect(tokensIn(answer?.text ?? '')).toHaveLength(1)
    must(await say(dana, requestId, 'deny'))
    expect(await written(carl, 'question-answered')).toBeNull()
  })
})

describe('an outcome', () => {
  it('that nobody had to agree to says that the access policy did', async () => {
    const automatic = { groupIds: [], maxSeconds: DAY, maxRisk: null, heldWithinDays: null }
    await asked({ automatic })
    expect((await written(world.ana, 'request-approved'))?.text).toContain(
      'The access policy agreed, and nobody had to be asked',
    )
  })

  it('with a shorter time and a later start names who set them', async () => {
    const presets = [6 * HOUR, DAY].map((seconds) => ({ seconds, noticeSeconds: HOUR }))
    const id = await asked({ presets }, DAY)
    const startAt = plus(await readNow(world.db), 2 * HOUR)
    must(await say(carl, id, 'approve', { startAt, seconds: 6 * HOUR }))
    const mail = await written(world.ana, 'request-approved')
    expect(mail?.text).toContain('You asked for 1 day; Carl agreed to 6 hours.')
    expect(mail?.text).toContain('Carl set a later start:')
  })

  it('that nobody was left to decide on says so', async () => {
    await world.db.delete(schema.applicationOwner)
    const approvers = [{ kind: 'group' as const, id: groupId }]
    await asked({ steps: [{ approvers, quorum: 2 }] })
    for (const who of [carl, dana]) must(await deactivatePerson(world.as(world.ines), { personId: who.id }))
    expect((await written(world.ana, 'request-lapsed'))?.subject).toBe(
      'Lapsed: nobody is left who could agree to staging_write on Data warehouse',
    )
  })

  it('of a request for somebody else reaches both, each with the other named', async () => {
    const entitlementId = await offered('staging_write')
    const input = { entitlementId, seconds: 6 * HOUR, reason: 'INC-2417', personId: world.ana.id }
    const { requestId } = must(await askForAccess(world.as(world.ben), input))
    expect((await written(carl, 'decision-needed'))?.subject).toBe(
      'Ben Okafor asks for staging_write on Data warehouse for 6 hours, for Ana Oliveira',
    )
    expect((await written(world.ana, 'asked-for-you'))?.subject).toContain('Ben Okafor')
    must(await withdrawRequest(world.as(world.ana), requestId))
    expect(await rowsFor(world.ana, 'request-withdrawn')).toEqual([])
    expect((await written(world.ben, 'request-withdrawn'))?.text).toContain('Ana Oliveira')
    expect(await written(world.ana, 'asked-for-you')).toBeNull()
  })
})

describe('what may not be held together', () => {
  it('is told to whoever decides on the step that the rule adds, with its reason', async () => {
    await world.approved()
    await world.drain()
    const entitlementId = await offered('staging_write')
    const separationId = newId()
    await world.db.insert(schema.separation).values({
      id: separationId,
      name: 'Read and write',
      reason: 'One person could hide a change',
      effect: 'extra_step',
      approvers: [{ kind: 'person', id: world.ines.id }],
    })
    await world.db
      .insert(schema.separationEntitlement)
      .values([world.entitlementId, entitlementId].map((id) => ({ separationId, entitlementId: id })))
    const input = { entitlementId, seconds: 6 * HOUR, reason: 'INC-2417' }
    const { requestId } = must(await askForAccess(world.as(world.ana), input))
    must(await say(carl, requestId, 'approve'))
    const mail = await written(world.ines, 'decision-needed')
    expect(mail?.text).toContain(
      'Separation of duties: Read and write: Ana holds prod_read on Data warehouse. One person could hide a change.',
    )
    expect(mail?.text).toContain('Ana already holds prod_read on Data warehouse.')
    expect(mail?.text).toContain('it needs one more yes, for separation of duties.')
  })
})

describe('emergency access', () => {
  it('is told to owners and admins at once, and to the holder as nobody having been asked', async () => {
    const entitlementId = await offered('root', { emergency: { allowed: true, seconds: 6 * HOUR } })
    const input = { entitlementId, seconds: null, reason: 'Checkout is down', emergency: true }
    must(await askForAccess(world.as(world.ana), input))
    for (const who of [world.ben, world.ines]) {
      const mail = await written(who, 'emergency-taken')
      expect(mail?.subject).toBe('Emergency: Ana Oliveira took root on Data warehouse for 6 hours')
      expect(mail?.text).toContain('Checkout is down')
    }
    expect(await rowsFor(world.ana, 'emergency-taken')).toEqual([])
    expect((await written(world.ana, 'request-approved'))?.text).toContain('Taken as emergency access')
  })

  it('cannot be extended, and its notice says so', async () => {
    const entitlementId = await offered('prod_write', {
      emergency: { allowed: true, seconds: 6 * HOUR },
      extension: { allowed: true, maxCount: 2, maxTotalSeconds: 3 * DAY },
      graceSeconds: HOUR,
    })
    const input = { entitlementId, seconds: null, reason: 'Checkout is down', emergency: true }
    must(await askForAccess(world.as(world.ana), input))
    await world.drain()
    await world.advance('+5h 30m')
    const mail = await written(world.ana, 'expiry-notice')
    expect(mail?.text).toContain('Emergency access is not extended.')
    expect(mail?.text).not.toContain('/extend/')
  })
})

describe('more time', () => {
  const extension = { allowed: true, maxCount: 2, maxTotalSeconds: 3 * DAY }

  /** Ana's access, agreed by Carl, given, and close to its end. */
  async function nearEnd(more: Partial<PolicyDefinition>): Promise<string> {
    const id = await asked({ presets: [{ seconds: 6 * HOUR, noticeSeconds: HOUR }], extension, ...more })
    const { grantId } = must(await say(carl, id, 'approve'))
    await world.drain()
    await world.advance('+5h')
    return grantId ?? ''
  }

  it('that needs somebody says who, how often still, and the grace the policy allows', async () => {
    await nearEnd({ graceSeconds: HOUR })
    const mail = await written(world.ana, 'expiry-notice')
    expect(mail?.text).toMatch(/Ask for up to 6 hours more\. (Carl or Dana|Dana or Carl) has to agree before/)
    expect(mail?.text).toContain(
      'you have 2 extensions left. If nobody has answered by the end, you keep it for',
    )
    expect(mail?.text).toContain('1 hour more, once.')
  })

  describe('of something that may not be held together with something else', () => {
    const automatic = { extensionApproval: { how: 'automatic' as const, automaticSeconds: 6 * HOUR } }
    /** Ana holds both, and a rule on the two was made since. */
    async function noticed(effect: 'refuse' | 'extra_step') {
      await world.approved()
      await world.drain()
      const grantId = await nearEnd(automatic)
      await world.advance('+1m')
      const held = await world.grant(grantId)
      const separationId = newId()
      await world.db.insert(schema.separation).values({
        id: separationId,
        name: 'Read and write',
        reason: 'One person could hide a change',
        effect,
        approvers: effect === 'refuse' ? [] : [{ kind: 'person', id: world.ines.id }],
      })
      await world.db
        .insert(schema.separationEntitlement)
        .values([world.entitlementId, held.entitlementId].map((id) => ({ separationId, entitlementId: id })))
      return (await written(world.ana, 'expiry-notice', grantId))?.text
    }

    it('offers nothing that would be refused', async () => {
      const text = await noticed('refuse')
      expect(text).toContain('that separation of duties keeps apart from it')
      expect(text).not.toContain('/extend/')
    })

    it('names who decides on the rule’s step, where the policy itself would ask nobody', async () => {
      const text = await noticed('extra_step')
      expect(text).toContain('Ines Albrecht has to agree before')
      expect(text).not.toContain('Nobody has to be asked')
    })
  })

  it('that needs nobody says so, before and after', async () => {
    const grantId = await nearEnd({ extensionApproval: { how: 'automatic', automaticSeconds: 6 * HOUR } })
    const notice = await written(world.ana, 'expiry-notice')
    expect(notice?.text).toContain('Nobody has to be asked.')
    const more = { grantId, seconds: 6 * HOUR, reason: 'Not done' }
    must(await askForExtension(world.as(world.ana), more))
    expect(await written(world.ana, 'expiry-notice')).toBeNull()
    expect((await written(world.ana, 'extended'))?.text).toContain(
      'The access policy agreed to 6 hours more, and nobody had to be asked.',
    )
  })
})
