import { describe, expect, it } from 'vitest'
import {
  type AuditView,
  auditExportHref,
  auditFilterCount,
  auditHref,
  auditQuery,
  changedAudit,
  parseAuditView,
  plainAuditView,
} from './audit-url'

const A = '01890000-0000-7000-8000-00000000000a'
const B = '01890000-0000-7000-8000-00000000000b'
const full: AuditView = {
  people: [A, B],
  part: 'actor',
  applications: [B],
  kinds: ['grant', 'request'],
  object: { type: 'grant', id: A },
  verbs: ['given', 'seen_absent'],
  time: { kind: 'range', from: '2026-11-01', to: '2026-11-12' },
  cursor: 'abc',
}

describe('the address of the audit log', () => {
  it('holds the whole view, canonical, and reads it back', () => {
    expect(auditQuery(full)).toBe(
      `person=${A},${B}&part=actor&application=${B}&kind=grant,request&object=grant:${A}` +
        '&verb=given,seen_absent&from=2026-11-01&to=2026-11-12&at=abc',
    )
    expect(parseAuditView(new URLSearchParams(auditQuery(full)))).toEqual({ view: full, notes: [] })
    const preset = { ...plainAuditView, time: { kind: 'preset', preset: '7d' } } as const
    expect(parseAuditView(new URLSearchParams(auditQuery(preset))).view).toEqual(preset)
    expect(auditHref(plainAuditView)).toBe('/settings/audit')
    expect(auditFilterCount(full)).toBe(6)
  })

  it('leaves out what cannot be, and says so', () => {
    const { view, notes } = parseAuditView({
      person: 'me',
      part: 'both',
      kind: 'grant,spaceship',
      object: 'grant:1',
      verb: ['given', 'vanished'],
      time: 'ever',
      from: '2026-02-30',
      to: '2026-11-12',
    })
    expect(view).toEqual({
      ...plainAuditView,
      kinds: ['grant'],
      verbs: ['given'],
      time: { kind: 'range', from: null, to: '2026-11-12' },
    })
    expect(notes).toHaveLength(7)
    expect(notes).toContain('“2026-02-30” is not a day; write it as 2026-11-12.')
  })

  it('drops a range that runs backwards, and a part without a person', () => {
    const { view, notes } = parseAuditView({ from: '2026-11-12', to: '2026-11-01', part: 'actor' })
    expect(view).toEqual(plainAuditView)
    expect(notes).toEqual(['The first day of the range lies after the last one; the range is left out.'])
  })

  it('starts from the first page after a change, and exports without a place', () => {
    expect(changedAudit(full, { verbs: [] })).toMatchObject({ verbs: [], cursor: '', part: 'actor' })
    expect(changedAudit(full, { people: [] })).toMatchObject({ part: 'any' })
    expect(auditExportHref({ ...plainAuditView, verbs: ['given'], cursor: 'x' }, 'ocsf')).toBe(
      '/settings/audit/export?format=ocsf&verb=given',
    )
  })
})
