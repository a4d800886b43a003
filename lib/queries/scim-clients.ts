import 'server-only'
import { and, asc, count, eq, isNull } from 'drizzle-orm'
import { schema } from '@/db/client'
import { readClocks } from '@/lib/clock'
import type { Ctx } from '@/lib/context'
import type { DirectoryPage } from '@/lib/directory-views'
import { can } from '@/lib/domain/authorize'
import { env } from '@/lib/env'
import { TOKENS_AT_ONCE } from '@/lib/services/scim-clients'

const { person, scimClient, scimGroup, scimPerson, scimToken } = schema

/** The connected provisioning clients with their tokens, for admins and auditors; null for everybody else. */
export async function directoryPage(ctx: Ctx): Promise<DirectoryPage | null> {
  if (!can(ctx.actor, 'scim.see', {})) return null
  const { db } = ctx
  const [clients, tokens, people, groups, clocks] = await Promise.all([
    db
      .select({ row: scimClient, by: person.name })
      .from(scimClient)
      .leftJoin(person, eq(person.id, scimClient.createdBy))
      .where(isNull(scimClient.revokedAt))
      .orderBy(asc(scimClient.createdAt), asc(scimClient.id)),
    db
      .select({ row: scimToken, by: person.name })
      .from(scimToken)
      .leftJoin(person, eq(person.id, scimToken.createdBy))
      .where(isNull(scimToken.revokedAt))
      .orderBy(asc(scimToken.createdAt), asc(scimToken.id)),
    db
      .select({ clientId: scimPerson.clientId, count: count() })
      .from(scimPerson)
      .where(isNull(scimPerson.deletedAt))
      .groupBy(scimPerson.clientId),
    db
      .select({ clientId: scimGroup.clientId, count: count() })
      .from(scimGroup)
      .where(and(isNull(scimGroup.deletedAt)))
      .groupBy(scimGroup.clientId),
    readClocks(db),
  ])
  const of = (rows: { clientId: string; count: number }[], id: string) =>
    rows.find((r) => r.clientId === id)?.count ?? 0
  return {
    address: `${env().APP_URL}/api/scim/v2`,
    clients: clients.map(({ row, by }) => ({
      id: row.id,
      name: row.name,
      createdAt: row.createdAt,
      createdBy: by,
      people: of(people, row.id),
      groups: of(groups, row.id),
      tokens: tokens
        .filter((t) => t.row.clientId === row.id)
        .map((t) => ({
          id: t.row.id,
          hint: t.row.hint,
          createdAt: t.row.createdAt,
          createdBy: t.by,
          lastUsedAt: t.row.lastUsedAt,
        })),
    })),
    mayEdit: can(ctx.actor, 'scim.connect', {}),
    tokensAtOnce: TOKENS_AT_ONCE,
    wall: clocks.wall,
  }
}
