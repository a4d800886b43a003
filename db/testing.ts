import 'server-only'
import { eq } from 'drizzle-orm'
import type { Ctx } from '../lib/context'
import { blankPolicy, type PolicyDefinition } from '../lib/domain/policy'
import type { Actor } from '../lib/domain/timeline'
import { newId } from '../lib/ids'
import { type Database, schema } from './client'
import { takeClone } from './testing.clones'

/** One test file's own world: a database cloned from the migrated template, and builders for what tests need. */
export interface World {
  readonly database: Database
  /** The same database for many at once, each on a connection of its own. */
  readonly clients: Database
  readonly db: Database['db']
  readonly url: string
  /** A person who may act; also as `ctx` through {@link as}. */
  person(name: string, more?: Partial<typeof schema.person.$inferInsert>): Promise<TestPerson>
  group(name: string, members: readonly TestPerson[]): Promise<string>
  application(
    name: string,
    more?: {
      owners?: readonly TestPerson[]
      connectionId?: string
      fulfilmentGroupId?: string
      taskSeconds?: number
    },
  ): Promise<string>
  connection(
    connector: string,
    config: Record<string, unknown>,
    secrets?: Record<string, string>,
  ): Promise<string>
  entitlement(
    applicationId: string,
    name: string,
    more?: Partial<typeof schema.entitlement.$inferInsert>,
  ): Promise<string>
  /** A published policy that offers these entitlements. */
  policy(
    name: string,
    definition: Partial<PolicyDefinition> & { entitlementIds: readonly string[] },
  ): Promise<string>
  /** The context in which a person, or the product itself, acts. */
  as(who: TestPerson | 'engine'): Ctx
  /** The verbs of a subject's timeline, oldest first. */
  verbs(subjectId: string): Promise<string[]>
  close(): Promise<void>
}

export interface TestPerson {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly actor: Extract<Actor, { kind: 'person' }>
}

/** A world of its own. Needs the `database` project's setup. Close it at the end. */
export async function createWorld(): Promise<World> {
  const { database, clients, url, close } = await takeClone()
  const { db } = database
  await db.insert(schema.organisation).values({ name: 'Halden', floorSeconds: 900 }).onConflictDoNothing()
  return { ...builders(db), database, clients, db, url, close }
}

function builders(db: Database['db']): Omit<World, 'database' | 'clients' | 'db' | 'url' | 'close'> {
  return {
    async person(name, more = {}) {
      const id = newId()
      const email = `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@halden.example`
      await db.insert(schema.person).values({ id, name, email, ...more })
      const actor = {
        kind: 'person',
        id,
        admin: more.admin ?? false,
        auditor: more.auditor ?? false,
        active: !more.deactivatedAt,
        session: { way: 'oidc', fresh: true },
      } as const
      return { id, name, email: more.email ?? email, actor }
    },
    async group(name, members) {
      const id = newId()
      await db.insert(schema.group).values({ id, name })
      if (members.length)
        await db.insert(schema.groupMember).values(members.map((m) => ({ groupId: id, personId: m.id })))
      return id
    },
    async application(name, { owners = [], ...more } = {}) {
      const id = newId()
      await db.insert(schema.application).values({ id, name, ...more })
      if (owners.length)
        await db
          .insert(schema.applicationOwner)
          .values(owners.map((o) => ({ applicationId: id, personId: o.id })))
      return id
    },
    async connection(connector, config, secrets = {}) {
      const id = newId()
      const { sealSecrets } = await import('../lib/services/connections')
      await db.insert(schema.connection).values({ id, connector, config, secrets: sealSecrets(id, secrets) })
      return id
    },
    async entitlement(applicationId, name, more = {}) {
      const id = newId()
      const app = await db.query.application.findFirst({ where: eq(schema.application.id, applicationId) })
      await db.insert(schema.entitlement).values({
        id,
        applicationId,
        connectionId: app?.connectionId ?? null,
        externalId: name,
        name,
        ...more,
      })
      return id
    },
    async policy(name, definition) {
      const [policyId, versionId] = [newId(), newId()]
      const at = new Date()
      await db
        .insert(schema.policy)
        .values({ id: policyId, name, currentVersionId: versionId, updatedAt: at })
      await db.insert(schema.policyVersion).values({
        id: versionId,
        policyId,
        number: 1,
        name,
        definition: { ...blankPolicy, ...definition },
        publishedAt: at,
      })
      await db
        .insert(schema.policyEntitlement)
        .values(definition.entitlementIds.map((entitlementId) => ({ entitlementId, policyId })))
      return policyId
    },
    as(who) {
      return { db, actor: who === 'engine' ? { kind: 'system', name: 'engine' } : who.actor }
    },
    async verbs(subjectId) {
      const rows = await db.query.timeline.findMany({
        where: eq(schema.timeline.subjectId, subjectId),
        orderBy: schema.timeline.version,
      })
      return rows.map((r) => r.verb)
    },
  }
}
