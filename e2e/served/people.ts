import { schema } from '@/db/client'
import type { World } from '@/db/testing'
import { hashToken, newId, newToken } from '@/lib/ids'

/** The kinds of person every door is tried as, in the order of the tables. */
export const kinds = [
  'anonymous',
  'deactivated',
  'member',
  'requester',
  'holder',
  'approver',
  'owner',
  'auditor',
  'admin',
] as const
export type Kind = (typeof kinds)[number]

export interface Somebody {
  readonly id: string
  readonly name: string
  readonly email: string
  /** The cookie of a session of theirs; null for whoever is not signed in. */
  readonly cookie: string | null
}

/** One of each kind, with a session; the deactivated one was an admin and keeps the cookie. */
export async function signedInPeople(world: World, cookieName: string): Promise<Record<Kind, Somebody>> {
  const far = new Date(Date.now() + 86_400_000)
  const tag = newId().slice(-8)
  const one = async (kind: Kind): Promise<Somebody> => {
    const name = `The ${kind} ${tag}`
    const person = await world.person(name, {
      email: `${kind}-${tag}@halden.example`,
      admin: kind === 'admin' || kind === 'deactivated',
      auditor: kind === 'auditor',
      ...(kind === 'deactivated' && { deactivatedAt: new Date() }),
    })
    const token = newToken()
    const now = new Date()
    await world.db.insert(schema.session).values({
      id: newId(),
      sessionToken: hashToken(token),
      userId: person.id,
      expires: far,
      way: 'demo',
      device: 'A test',
      signedInAt: now,
      provenAt: now,
      lastSeenAt: now,
    })
    return { id: person.id, name, email: person.email, cookie: `${cookieName}=${token}` }
  }
  const nobody: Somebody = { id: newId(), name: '', email: '', cookie: null }
  const found = await Promise.all(
    kinds.map(async (kind) => [kind, kind === 'anonymous' ? nobody : await one(kind)] as const),
  )
  return Object.fromEntries(found) as Record<Kind, Somebody>
}
