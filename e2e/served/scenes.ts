import { inArray, ne } from 'drizzle-orm'
import { schema } from '@/db/client'
import type { TestPerson } from '@/db/testing'
import { newId } from '@/lib/ids'
import { mistaken } from './entries'
import { type Kind, type Somebody, signedInPeople } from './people'
import { createPlace, type Place } from './place'
import type { Served } from './server'

/** One of each kind of person, and what they are tried on. */
export interface Scene {
  readonly people: Record<Kind, Somebody>
  /** One of everything that is theirs, that is somebody else's, and under other things' ids. */
  readonly columns: readonly (Place | null)[]
}

export interface Scenes {
  /** Fresh people, and one of everything; the columns that are not asked for are missing. */
  open(columns: readonly number[]): Promise<Scene>
  /** What there is one of, or a few, for everybody: as it was before anybody acted. */
  reset(place: Place): Promise<void>
  /** They are gone from lists, and told of nothing any more: what follows is not slower for it. */
  close(scenes: readonly Scene[]): Promise<void>
}

export function stage(served: Served): Scenes {
  const { world, target } = served
  const { db } = world
  const foreignPlace = async () => {
    const [asks, holds, decides, owns] = (await Promise.all(
      ['asks', 'holds', 'decides', 'owns'].map((part) => world.person(`Somebody who ${part} ${newId()}`)),
    )) as [TestPerson, TestPerson, TestPerson, TestPerson]
    return createPlace(world, target, { requester: asks, holder: holds, approver: decides, owner: owns })
  }
  return {
    async open(columns) {
      const people = await signedInPeople(world, 'leasehold.session')
      const own = columns.some((column) => column !== 1) ? await createPlace(world, target, people) : null
      const foreign = columns.includes(1) ? await foreignPlace() : null
      return { people, columns: [own, foreign, own && mistaken(own, people.member.id)] }
    },
    async reset(place) {
      await db.update(schema.organisation).set({ version: 1 })
      await db.delete(schema.auditReceiver).where(ne(schema.auditReceiver.id, place.receiver))
      await served.written()
    },
    async close(scenes) {
      const { person, application, policy, scimClient } = schema
      const at = new Date()
      const people = scenes.flatMap((scene) => Object.values(scene.people).map(({ id }) => id))
      const places = scenes.flatMap(({ columns }) => columns.slice(0, 2).filter((place) => place !== null))
      const idsOf = (...keys: (keyof Place)[]) => places.flatMap((place) => keys.map((key) => place[key]))
      await Promise.all([
        db.update(person).set({ admin: false, auditor: false }).where(inArray(person.id, people)),
        db
          .update(application)
          .set({ archivedAt: at })
          .where(inArray(application.id, idsOf('application', 'hand', 'frozen'))),
        db
          .update(policy)
          .set({ archivedAt: at })
          .where(inArray(policy.id, idsOf('policy'))),
        db
          .update(scimClient)
          .set({ revokedAt: at })
          .where(inArray(scimClient.id, idsOf('scimClient'))),
      ])
      await served.written()
    },
  }
}
