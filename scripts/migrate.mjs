// Brings the database at DATABASE_URL up to date. The container image runs it before each start.
import { adminCommand } from './lib/admin-command.mjs'
import { migrateDatabase } from './lib/migrations.mjs'

await adminCommand('The database could not be brought up to date', async (url) => {
  await migrateDatabase(url, process.env.MIGRATIONS_FOLDER)
  return 'The database is up to date.'
})
