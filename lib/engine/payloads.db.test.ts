import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { readNow } from '@/lib/clock'
import { newSigningSecret } from '@/lib/connectors/testing/target'
import { DAY, HOUR, plus } from '@/lib/domain/duration'
import { type WorkKind, workKinds } from '@/lib/domain/work'
import { startReview } from '@/lib/services/access-reviews'
import { addReceiver } from '@/lib/services/audit-receivers'
import { decideOnRequest } from '@/lib/services/decisions'
import { giveAgain } from '@/lib/services/give-again'
import { revokeGrant } from '@/lib/services/grants'
import { readHolders } from '@/lib/services/holder-readings'
import { armNightly } from '@/lib/services/nightly'
import { askForAccess } from '@/lib/services/requests'
import { createLeaseWorld, type LeaseWorld, must } from '@/lib/testing/lease-world'
import { armEvidence } from './handlers/evidence'
import { armUpkeep } from './handlers/upkeep'
import { stories } from './testing/crash-stories'

/**
 * Work waits for months, over many releases. What it is armed with may not be more than whom to look up: its columns
 * hold ids and times, and its memo, which keeps what a try leaves for the next, is empty. The hints to the job engine
 * carry ids; `inngest/lease.db.test.ts` reads them where they arrive.
 */
const ofTheJobEngine = 'event' satisfies WorkKind

interface Armed extends Record<string, unknown> {
  kind: WorkKind
  subject: string
  memo: Record<string, unknown> | null
}

/** Remembers every row of work as it is armed: made, or of a new generation. */
async function watchArming({ db }: LeaseWorld): Promise<void> {
  await db.execute(sql`create table armed (kind text, subject uuid, memo jsonb)`)
  await db.execute(sql`
    create function remember_armed() returns trigger language plpgsql as $$
    begin
      if tg_op = 'INSERT' or new.generation <> old.generation then
        insert into armed values (new.kind, new.subject_id, new.memo);
      end if;
      return null;
    end $$`)
  await db.execute(
    sql`create trigger armed after insert or update on work for each row execute function remember_armed()`,
  )
}

it('work of every kind is armed with ids alone', async () => {
  const world = await createLeaseWorld({
    steps: [{ approvers: [{ kind: 'owners' }], quorum: 1, escalateSeconds: HOUR }],
    reminders: [50],
  })
  const { db, ana, ben, ines, applicationId, entitlementId } = world
  await watchArming(world)
  await stories['a removal'].begin(world)
  await world.drain()

  const ask = { entitlementId, seconds: 6 * HOUR, reason: 'INC-2417', startAt: null }
  const { requestId } = must(await askForAccess(world.as(ana), ask))
  const yes = { requestId, verdict: 'approve', note: null, version: 1 } as const
  const grantId = must(await decideOnRequest(world.as(ben), yes)).grantId!
  await world.drain()
  must(await readHolders(world.as(ben), { applicationId }))
  world.target.state.drop(world.externalId, world.anaAccount)
  await world.advance('+5m')
  must(await readHolders(world.as(ben), { applicationId }))
  must(await giveAgain(world.as(ana), { grantId, reason: '' }))
  await world.drain()
  const now = await readNow(db)
  const review = { name: 'Autumn', instructions: '', reviewers: 'owners', reviewerIds: [] } as const
  const whole = {
    applicationId,
    consequence: 'visible',
    dueAt: plus(now, 4 * DAY),
    entitlementIds: [],
  } as const
  must(await startReview(world.as(ben), { ...review, ...whole }))
  must(await revokeGrant(world.as(ines), { grantId, reason: 'not needed' }))
  await world.drain()

  const receiver = {
    url: world.target.url,
    secret: newSigningSecret(),
    format: 'jsonl',
    from: 'start',
  } as const
  must(await addReceiver(world.as(ines), receiver))
  await Promise.all([armUpkeep(db), armEvidence(db), armNightly(db, now)])

  const armed = await db.execute<Armed>(sql`select * from armed`)
  expect(new Set(armed.map(({ kind }) => kind))).toEqual(
    new Set(workKinds.filter((kind) => kind !== ofTheJobEngine)),
  )
  // Giving again is another change than the first, which the grant's version says; that is all that is kept of it.
  const grant = await world.grant(grantId)
  const again = armed.filter(({ memo }) => memo !== null)
  expect(again).toEqual([{ kind: 'give', subject: grantId, memo: { round: expect.any(Number) } }])
  expect(again[0]!.memo!.round).toBeLessThan(grant.version)
  await world.close()
})
