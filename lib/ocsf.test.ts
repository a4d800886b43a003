import { describe, expect, it } from 'vitest'
import { timelineVerbs } from './domain/timeline'
import { OCSF_VERSION, type OcsfSource, ocsfEvent } from './ocsf'

const ana = { id: 'a', name: 'Ana Oliveira', email: 'ana@example.com' }
const ben = { id: 'b', name: 'Ben Okafor', email: 'ben@example.com' }
const grant: OcsfSource = {
  id: 7,
  at: new Date('2026-11-12T13:27:46.123Z'),
  verb: 'given',
  subjectType: 'grant',
  subjectId: 'g',
  version: 4,
  data: { endsAt: '2026-11-13T13:27:46Z' },
  sentence: 'Seen in Data warehouse',
  actor: null,
  system: 'engine',
  object: 'prod_read',
  person: ana,
  application: { id: 'w', name: 'Data warehouse' },
  entitlement: { id: 'e', name: 'prod_read' },
  seq: 41,
}
const ofAna: OcsfSource = { ...grant, subjectType: 'person', application: null, entitlement: null }

/** What 1.5.0 requires of every event, and of each class that is used. */
const required = [
  'activity_id',
  'category_uid',
  'class_uid',
  'metadata',
  'severity_id',
  'time',
  'type_uid',
] as const
const ofClass: Record<number, readonly string[]> = {
  3001: ['user'],
  3002: ['user', 'service'],
  3004: ['entity'],
  3005: ['user', 'privileges'],
}
/** The activities that each class defines, as far as they are used; 99 is Other everywhere. */
const activities: Record<number, readonly number[]> = {
  3001: [1, 2, 5],
  3002: [1],
  3004: [1, 3, 4, 99],
  3005: [1, 2, 3],
}

describe('an entry as an OCSF event', () => {
  it('has, whatever happened to whatever, all that its class requires', () => {
    for (const verb of timelineVerbs)
      for (const source of [grant, ofAna, { ...grant, person: null, object: null, subjectType: 'policy' }]) {
        const event = ocsfEvent({ ...source, verb })
        const uid = event.class_uid as number
        for (const name of [...required, ...(ofClass[uid] ?? ['no such class'])])
          expect(event[name], `${verb}: ${name}`).toBeDefined()
        expect(activities[uid], verb).toContain(event.activity_id)
        expect(event.type_uid).toBe(uid * 100 + (event.activity_id as number))
        expect(event.category_uid).toBe(Math.floor(uid / 1000))
        expect(event.metadata).toMatchObject({
          version: OCSF_VERSION,
          product: { name: 'Leasehold', vendor_name: 'Leasehold' },
        })
      }
  })

  it('tells access that was seen given and gone as User Access Management, of whom it is and in what', () => {
    expect(ocsfEvent(grant)).toMatchObject({
      class_uid: 3005,
      type_uid: 300501,
      time: 1794490066123,
      user: { uid: 'a', email_addr: 'ana@example.com', type_id: 1 },
      privileges: ['prod_read'],
      resources: [{ uid: 'w', name: 'Data warehouse' }],
      actor: { app_name: 'Leasehold engine' },
      metadata: { uid: '7', event_code: 'given', sequence: 41 },
      unmapped: { data: { endsAt: '2026-11-13T13:27:46Z' } },
    })
    expect(ocsfEvent({ ...grant, verb: 'seen_absent', actor: ben })).toMatchObject({
      type_uid: 300502,
      actor: { user: { uid: 'b', name: 'Ben Okafor' } },
    })
  })

  it('does not tell an intent as an access: giving and ending are what we are about to do', () => {
    for (const verb of ['giving', 'ending', 'overdue'] as const)
      expect(ocsfEvent({ ...grant, verb })).toMatchObject({
        class_uid: 3004,
        activity_id: 99,
        activity_name: verb,
        entity: { uid: 'g', type: 'grant', name: 'prod_read', version: '4' },
      })
    expect(ocsfEvent({ ...grant, verb: 'overdue' })).toMatchObject({ severity_id: 3 })
  })

  it('tells people in the classes for people', () => {
    expect(ocsfEvent({ ...ofAna, verb: 'signed_in', actor: ana })).toMatchObject({ type_uid: 300201 })
    expect(ocsfEvent({ ...ofAna, verb: 'deactivated' })).toMatchObject({ type_uid: 300105 })
    expect(ocsfEvent({ ...ofAna, verb: 'created' })).toMatchObject({ type_uid: 300101 })
    expect(ocsfEvent({ ...ofAna, verb: 'role_granted', data: { role: 'auditor' } })).toMatchObject({
      type_uid: 300503,
      privileges: ['auditor'],
    })
  })

  it('says of a failure that it is one, and no position that is not there', () => {
    expect(ocsfEvent({ ...grant, verb: 'failed' })).toMatchObject({ status_id: 2 })
    expect(ocsfEvent({ ...grant, seq: null }).metadata).not.toHaveProperty('sequence')
  })
})
