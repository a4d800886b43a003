// Brings the database at DATABASE_URL up to date. The container image runs it before each start.
import { migrateDatabase } from './lib/migrations.mjs'
import { command, Stop } from './lib/stop.mjs'

await command(async () => {
  if (!process.env.DATABASE_URL) throw new Stop('DATABASE_URL is not set.')
  await migrateDatabase(process.env.DATABASE_URL, process.env.MIGRATIONS_FOLDER)
  console.log('The database is up to date.')
})
