// Deactivates somebody, in the name of an admin, by the verb behind the button of their page:
// `tsx deactivate.ts <admin's address> <address>`, with the product's settings in the environment.
import { database } from '@/db/client'
import { deactivatePerson, personByEmail } from '@/lib/services/people'

const { db, close } = database()
const [admin, leaver] = await Promise.all(process.argv.slice(2, 4).map((email) => personByEmail(db, email)))
if (!admin || !leaver) throw new Error(`there is nobody called ${process.argv.slice(2).join(' or ')}`)
const actor = { kind: 'person', id: admin.id, admin: admin.admin, auditor: false, active: true } as const
const result = await deactivatePerson({ db, actor }, { personId: leaver.id })
if (!result.ok) throw new Error(result.message)
await close()
