import 'server-only'
import { eq } from 'drizzle-orm'
import { schema } from '@/db/client'
import { createWorld, type TestPerson, type World } from '@/db/testing'
import { blankPolicy, type PolicyDefinition } from '@/lib/domain/policy'
import { must } from '@/lib/testing/lease-world'
import { createPolicy, saveDraft } from './policies'

/** An admin, an owner, a member and one application, for the tests of access policies. */

export let world: World
export let admin: TestPerson
export let owner: TestPerson
export let member: TestPerson
export let applicationId: string

/** Opens it for one file of tests; close it at their end. */
export async function openWorld(): Promise<void> {
  world = await createWorld()
  admin = await world.person('Ines Albrecht', { admin: true })
  owner = await world.person('Jonas Weber')
  member = await world.person('Ana Oliveira')
  applicationId = await world.application('Data warehouse', { owners: [owner] })
}

let serial = 0
/** A number that was not given yet, for names. */
export const next = (): number => ++serial

export const entitlement = (more = {}): Promise<string> =>
  world.entitlement(applicationId, `role_${next()}`, more)

/** A policy with a saved draft; the definition differs from the blank one as told. */
export async function draft(definition: Partial<PolicyDefinition>) {
  const name = `Policy ${next()}`
  const created = must(await createPolicy(world.as(admin), { name, description: null }))
  const saved = await saveDraft(world.as(admin), {
    ...created,
    name,
    description: null,
    definition: { ...blankPolicy, ...definition },
  })
  return must(saved)
}

export const policyRow = (id: string) => world.db.query.policy.findFirst({ where: eq(schema.policy.id, id) })
