import { ENTERPRISE, GROUP, type Json, USER } from '@/lib/scim/attributes'
import { createScimWorld, type ScimAnswer, type ScimWorld } from './scim-world'

/** A client that writes as Microsoft's published requests do, and remembers what it made by a word for each. */
export interface ScimDirectory extends ScimWorld {
  readonly id: Readonly<Record<string, string>>
  /** It says `application/json` where it sends something. */
  send(method: string, path: string, body?: Json | string): Promise<ScimAnswer>
  get(path: string): Promise<ScimAnswer>
  post(as: string, path: string, body: Json): Promise<ScimAnswer>
  /** Whom it did not make; it sees them all the same. */
  here(): string[]
}

export async function createScimDirectory(): Promise<ScimDirectory> {
  const world = await createScimWorld()
  const id: Record<string, string> = {}
  const send: ScimDirectory['send'] = (method, path, body) =>
    world.ask(
      method,
      path,
      body,
      body === undefined ? {} : { headers: { 'Content-Type': 'application/json' } },
    )
  return {
    ...world,
    id,
    send,
    get: (path) => send('GET', path),
    async post(as, path, body) {
      const answer = await send('POST', path, body)
      if (answer.status === 201) id[as] = answer.body.id
      return answer
    },
    here: () => [world.ines.id, world.ben.id, world.ana.id],
  }
}

/** Whom an answer lists, by id; where it lists nothing, its status. */
export const listed = ({ status, body }: ScimAnswer): string[] | number =>
  status === 200 ? body.Resources.map((r: { id: string }) => r.id) : status

/** What an answer refuses as: `409 uniqueness`. */
export const refusalOf = ({ status, body }: ScimAnswer): string => `${status} ${body.scimType}`

/** Shown by one name and written by another, `Primary` with a capital, and a second address at home. */
export const personOf = (userName: string, shown: string, written: string, more: Json = {}): Json => ({
  userName,
  active: true,
  displayName: shown,
  schemas: [ENTERPRISE, USER],
  externalId: `directory-${userName}`,
  name: { formatted: written, familyName: written.split(' ')[1], givenName: written.split(' ')[0] },
  emails: [
    { Primary: true, type: 'work', value: `${userName}@halden.example` },
    { Primary: false, type: 'home', value: `${userName}@home.example` },
  ],
  ...more,
})

export const groupOf = (displayName: string, members: readonly Json[] = []): Json => ({
  externalId: `directory-${displayName}`,
  schemas: [GROUP],
  displayName,
  members,
})
