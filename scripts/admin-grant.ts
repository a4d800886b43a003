// `npm run admin:grant -- <e-mail>`: makes somebody an admin; the way back in after a lock-out. With `--links` sign-in
// links are mailed again, where the organisation wanted single sign-on only and the identity provider is gone.
import { adminCommand } from './lib/admin-command.mjs'
import { Stop } from './lib/stop.mjs'

const said = {
  granted: 'is an admin now',
  created: 'was added as an admin',
  unchanged: 'is an admin already',
}

await adminCommand('Nobody was made an admin', async () => {
  const given = process.argv.slice(2)
  const [email, ...more] = given.filter((word) => word !== '--links')
  if (!email || more.length > 0)
    throw new Stop('Say who, by e-mail address: npm run admin:grant -- ines@example.com [--links]')
  const { database } = await import('@/db/client')
  const { grantAdmin } = await import('@/lib/services/people')
  const { mailLinksAgain } = await import('@/lib/services/organisation')
  try {
    const result = await grantAdmin(email)
    if (!result.ok) throw new Stop(`${result.message}.`)
    const done = `${email} ${said[result.value.outcome]}.`
    if (!given.includes('--links')) return done
    const links = await mailLinksAgain()
    if (!links.ok) throw new Stop(`${done} But: ${links.message}.`)
    return `${done} ${links.value.changed ? 'Sign-in links are mailed again.' : 'Sign-in links were mailed already.'}`
  } finally {
    await database().close()
  }
})
