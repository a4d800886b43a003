import { type Db, schema } from '@/db/client'
import { processNow } from '@/lib/clock'
import { getConnector, splitConfig } from '@/lib/connectors/registry'
import type { Ctx } from '@/lib/context'
import { HOUR } from '@/lib/domain/duration'
import { newId } from '@/lib/ids'
import { sealSecrets } from '@/lib/services/connections'
import { callOutside } from '@/lib/services/outside'
import { cast, emailOf } from './people.mjs'
import { publishPolicies } from './policies'
import type { WarehouseConnection } from './warehouse'

/** Ids of what was made, by the names the rest of the seed calls it. */
export interface Halden {
  /** The application that has a connection. */
  readonly warehouseId: string
  /** The application that people give and take by hand. */
  readonly stripeId: string
  readonly people: ReadonlyMap<string, string>
  readonly groups: ReadonlyMap<string, string>
  readonly entitlements: ReadonlyMap<string, string>
}

const GROUPS: Record<string, { description: string; members: string[] }> = {
  'Payments engineering': { description: 'Build and run payments', members: ['ben', 'ana', 'chidi', 'yara'] },
  'Payments operations': { description: 'Give and take Stripe access by hand', members: ['ruth', 'ben'] },
  'Data engineering': {
    description: 'Run the data warehouse',
    members: ['mira', 'jonas', 'priya', 'nadia', 'theo'],
  },
  Analytics: { description: 'Answer questions with numbers', members: ['lena', 'mira'] },
  Finance: { description: 'Close the books', members: ['tomas', 'owen'] },
  Operations: { description: 'On call for everything', members: ['mei', 'samuel'] },
  'Change board': { description: 'Two of them agree to bookings', members: ['mei', 'greta', 'jonas'] },
  'Release managers': { description: 'Say when webhooks change', members: ['oskar', 'theo'] },
}

const ROLES: { name: string; description: string; howToUse: string; risk: 'low' | 'medium' | 'high' }[] = [
  {
    name: 'analytics_read',
    description: 'Revenue and signups by day, without anything about single customers.',
    howToUse: 'Connect to the warehouse as yourself and read the tables in the schema analytics.',
    risk: 'low',
  },
  {
    name: 'prod_read',
    description: 'Customers, orders and refunds as production sees them, e-mail addresses included.',
    howToUse:
      'Connect as yourself and read the schema production. Copies leave the warehouse only with a ticket.',
    risk: 'medium',
  },
  {
    name: 'prod_write',
    description: 'Change customers, orders and refunds. Every statement is logged.',
    howToUse: 'Connect as yourself. Work in a transaction, look at the row count, then commit.',
    risk: 'high',
  },
  {
    name: 'finance_read',
    description: 'The ledger, for closing and for audits.',
    howToUse: 'Connect as yourself and read finance.ledger.',
    risk: 'medium',
  },
  {
    name: 'ledger_write',
    description: 'Book in the ledger. What is booked stays booked.',
    howToUse: 'Connect as yourself and insert into finance.ledger.',
    risk: 'high',
  },
  {
    name: 'board_read',
    description: 'The board pack: revenue by month, with the month before.',
    howToUse: 'Connect as yourself and read analytics.board_pack.',
    risk: 'medium',
  },
  {
    name: 'reporting_read',
    description: 'The monthly report, as the board gets it.',
    howToUse: 'Connect as yourself and read analytics.monthly_report.',
    risk: 'low',
  },
  // No policy offers this one yet: what a first policy of one's own is for.
  {
    name: 'refunds_write',
    description: 'Change refunds and nothing else.',
    howToUse: 'Connect as yourself and update production.refunds.',
    risk: 'medium',
  },
]

const STRIPE = [
  {
    name: 'Refunds',
    description: 'Refund payments up to 500 euros each.',
    howToUse: 'Sign in at dashboard.stripe.com with your company address.',
    risk: 'medium' as const,
  },
  {
    name: 'Payouts',
    description: 'Release payouts to merchants.',
    howToUse: 'Sign in at dashboard.stripe.com with your company address.',
    risk: 'high' as const,
  },
  {
    name: 'Webhooks',
    description: 'Change where Stripe sends its events.',
    howToUse: 'Sign in at dashboard.stripe.com with your company address.',
    risk: 'medium' as const,
  },
  {
    name: 'Support view',
    description: 'Look up payments and customers, change nothing.',
    howToUse: 'Sign in at dashboard.stripe.com with your company address.',
    risk: 'low' as const,
  },
]

/** People, groups, the two applications and the published policies of Halden. */
export async function createHalden(db: Db, warehouse: WarehouseConnection, at: Date): Promise<Halden> {
  await db.insert(schema.organisation).values({ name: 'Halden', timeZone: 'Europe/Berlin' })
  const people = await createPeople(db, at)
  const groups = await createGroups(db, people)
  const [warehouseId, stripeId] = [newId(), newId()]
  const entitlements = new Map([
    ...(await createWarehouse(db, warehouseId, warehouse, people)),
    ...(await createStripe(db, stripeId, people, groups)),
  ])
  const ines = people.get('ines') ?? ''
  const session = { way: 'demo', fresh: true } as const
  const admin: Ctx = {
    db,
    actor: { kind: 'person', id: ines, admin: true, auditor: false, active: true, session },
  }
  await publishPolicies(admin, { entitlements, groups, people })
  return { warehouseId, stripeId, people, groups, entitlements }
}

async function createPeople(db: Db, at: Date): Promise<Map<string, string>> {
  const ids = new Map(cast.map(({ key }) => [key, newId()]))
  const rows = cast.map((one) => ({
    id: ids.get(one.key) ?? '',
    name: one.name,
    email: emailOf(one.key),
    emailVerified: at,
    title: one.title,
    team: one.team,
    timeZone: 'Europe/Berlin',
    // Managers stand before their people in the cast, so the reference is always there.
    managerId: one.manager ? ids.get(one.manager) : null,
    admin: one.admin ?? false,
    auditor: one.auditor ?? false,
    createdAt: at,
  }))
  await db.insert(schema.person).values(rows)
  return ids
}

async function createGroups(db: Db, people: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const [name, { description, members }] of Object.entries(GROUPS)) {
    const groupId = newId()
    ids.set(name, groupId)
    await db.insert(schema.group).values({ id: groupId, name, description })
    const rows = members.map((key) => ({ groupId, personId: people.get(key) ?? '' }))
    await db.insert(schema.groupMember).values(rows)
  }
  return ids
}

async function createWarehouse(
  db: Db,
  applicationId: string,
  settings: WarehouseConnection,
  people: ReadonlyMap<string, string>,
): Promise<[string, string][]> {
  const connector = getConnector('postgres')
  const connectionId = newId()
  const { config, secrets } = splitConfig(connector, settings)
  await db.insert(schema.connection).values({
    id: connectionId,
    connector: connector.id,
    config,
    secrets: sealSecrets(connectionId, secrets),
  })
  await db.insert(schema.application).values({
    id: applicationId,
    name: 'Data warehouse',
    description: 'PostgreSQL with everything Halden knows about its customers, orders and money.',
    connectionId,
  })
  for (const key of ['mira', 'jonas']) {
    await db.insert(schema.applicationOwner).values({ applicationId, personId: people.get(key) ?? '' })
  }
  const listed = await callOutside((ctx) => connector.listEntitlements(ctx, { cursor: null }), {
    connector,
    config: { ...settings },
    operationId: `list:${connectionId}`,
    effect: 'look',
    now: processNow,
    log: () => {},
  })
  const rows = listed.items.map((item) => ({
    id: newId(),
    applicationId,
    connectionId,
    externalId: item.id,
    name: item.name,
    requestable: item.requestable,
    reason: item.reason,
    ...ROLES.find((role) => role.name === item.name),
  }))
  await db.insert(schema.entitlement).values(rows)
  return rows.map(({ name, id }) => [name, id])
}

async function createStripe(
  db: Db,
  applicationId: string,
  people: ReadonlyMap<string, string>,
  groups: ReadonlyMap<string, string>,
): Promise<[string, string][]> {
  await db.insert(schema.application).values({
    id: applicationId,
    name: 'Stripe',
    description: 'Payments. Payments operations add and remove people by hand.',
    fulfilmentGroupId: groups.get('Payments operations'),
    taskSeconds: HOUR,
    checklist: 'Open Team and security. Add or remove the person. Note the role you see afterwards.',
  })
  await db.insert(schema.applicationOwner).values({ applicationId, personId: people.get('ben') ?? '' })
  const rows = STRIPE.map((one) => ({ ...one, id: newId(), applicationId, externalId: one.name }))
  await db.insert(schema.entitlement).values(rows)
  return rows.map(({ name, id }) => [name, id])
}
