// `npm run admin:grant -- <e-mail>`: makes somebody an admin; the way back in after a lock-out.
import { adminCommand } from './lib/admin-command.mjs'
import { Stop } from './lib/stop.mjs'

const said = {
  granted: 'is an admin now',
  created: 'was added as an admin',
  unchanged: 'is an admin already',
}

await adminCommand('Nobody was made an admin', async () => {
  const email = process.argv[2]
  if (!email) throw new Stop('Say who, by e-mail address: npm run admin:grant -- ines@example.com')
  const { database } = await import('@/db/client')
  const { grantAdmin } = await import('@/lib/services/people')
  try {
    const result = await grantAdmin(email)
    if (!result.ok) throw new Stop(`${result.message}.`)
    return `${email} ${said[result.value.outcome]}.`
  } finally {
    await database().close()
  }
})
