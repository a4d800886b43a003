// `npm run admin:grant -- <e-mail>`: makes somebody an admin; the way back in after a lock-out.
import { database } from '@/db/client'
import { grantAdmin } from '@/lib/services/people'

const said = {
  granted: 'is an admin now',
  created: 'was added as an admin',
  unchanged: 'is an admin already',
}

async function main(): Promise<number> {
  const email = process.argv[2]
  if (!email) {
    console.error('Say who: npm run admin:grant -- ines@example.com')
    return 1
  }
  if (!process.env.DATABASE_URL) {
    console.error('DATABASE_URL is not set.')
    return 1
  }
  try {
    const result = await grantAdmin(email)
    if (!result.ok) {
      console.error(`${result.message}.`)
      return 1
    }
    console.log(`${email} ${said[result.value.outcome]}.`)
    return 0
  } finally {
    await database().close()
  }
}

process.exitCode = await main()
