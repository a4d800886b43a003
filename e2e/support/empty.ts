import { randomUUID } from 'node:crypto'
import { migrateDatabase } from '../../scripts/lib/migrations.mjs'
import { withDatabase } from '../../scripts/lib/postgres.mjs'
import { emailOf, person as seeded } from '../../scripts/seed/people.mjs'
import { connect } from './outside'
import type { World } from './world'

/**
 * A database with people and nothing else: no application, no policy, no group. Managers have to be named before
 * those they manage.
 * @returns its address
 */
export async function emptyOrganisation(world: World, name: string, people: string[]): Promise<string> {
  const url = withDatabase(world.databaseUrl, name)
  const server = connect(world.warehouseUrl)
  try {
    await server`drop database if exists ${server(name)} with (force)`
    await server`create database ${server(name)}`
  } finally {
    await server.end({ timeout: 5 })
  }
  await migrateDatabase(url)
  const sql = connect(url)
  const ids = new Map(people.map((who) => [who, randomUUID()]))
  try {
    await sql`insert into organisation (name, time_zone) values ('Halden', 'Europe/Berlin')`
    for (const who of people) {
      const { name: full, admin = false, manager } = seeded(who)
      await sql`
        insert into person (id, name, email, email_verified, admin, manager_id)
        values (${ids.get(who) ?? ''}, ${full}, ${emailOf(who)}, clock_timestamp(), ${admin},
          ${(manager && ids.get(manager)) ?? null})`
    }
  } finally {
    await sql.end({ timeout: 5 })
  }
  return url
}
