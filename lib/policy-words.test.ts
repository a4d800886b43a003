import { expect, it } from 'vitest'
import { DAY, HOUR } from './domain/duration'
import { blankPolicy, type PolicyDefinition, policyProblems } from './domain/policy'
import { type PolicyNames, plain, policyDifferences, policyWords } from './policy-words'

const names: PolicyNames = {
  entitlements: {
    e1: { name: 'prod_read', application: 'Data warehouse' },
    e2: { name: 'prod_write', application: 'Data warehouse' },
    e3: { name: 'admin', application: 'Stripe' },
  },
  people: { p1: 'Jonas Weber' },
  groups: { g1: { name: 'Data engineering', size: 20 }, g2: { name: 'On-call leads', size: 3 } },
}

const production: PolicyDefinition = {
  ...blankPolicy,
  entitlementIds: ['e1', 'e2', 'e3'],
  requesters: { kind: 'some', groupIds: ['g1', 'g2'], personIds: ['p1'] },
  steps: [
    { approvers: [{ kind: 'manager' }], quorum: 1 },
    {
      approvers: [
        { kind: 'person', id: 'p1' },
        { kind: 'group', id: 'g2' },
      ],
      quorum: 2,
    },
  ],
  presets: [
    { seconds: 6 * HOUR, noticeSeconds: HOUR },
    { seconds: DAY, noticeSeconds: 4 * HOUR },
    { seconds: 3 * DAY, noticeSeconds: 4 * HOUR },
  ],
  extension: { allowed: true, maxCount: 2, maxTotalSeconds: 5 * DAY },
}

const said = (definition: PolicyDefinition, more = {}) =>
  Object.values(policyWords(definition, names, more)).flatMap((part) => part.map(plain))

it('says a whole policy', () => {
  expect(said(production, { eligible: 24 })).toEqual([
    'prod_read and prod_write on Data warehouse and admin on Stripe.',
    'Anyone in Data engineering or On-call leads, and Jonas Weber, 24 people, for themselves. A reason is required.',
    'Their manager, then 2 of Jonas Weber and someone in On-call leads. Undecided after 1 day, it lapses.',
    'They get it for 6 hours, 1 day or 3 days.',
    'They are told 1 hour or 4 hours before the end, and may ask for more time twice, never past 5 days in all.',
    'Then it is taken back, and seen to be gone. What they held before they asked stays.',
  ])
})

it('says what is not filled in yet, and names a wrong length as one', () => {
  const unfinished: PolicyDefinition = {
    ...blankPolicy,
    steps: [],
    presets: [
      { seconds: HOUR, noticeSeconds: 60 },
      { seconds: DAY, noticeSeconds: DAY },
    ],
  }
  const problems = policyProblems(unfinished, 6 * HOUR)
  const words = said(unfinished, { problems })
  expect(words).toContain('Nothing chosen yet.')
  expect(words).toContain('Nobody is asked yet.')
  expect(words).toContain('They get it for 1 hour (length to fix) or 1 day (notice to fix).')
})

it('says that permanent access has no end', () => {
  expect(said({ ...production, mode: 'permanent', convertStanding: true }).slice(-2)).toEqual([
    'They keep it until somebody takes it back: no end, no notice, no extension.',
    'What they held before is taken back as well.',
  ])
})

it('tells two versions apart line by line, and the same from the same', () => {
  expect(policyDifferences(production, structuredClone(production), names)).toEqual([])
  const next: PolicyDefinition = {
    ...production,
    entitlementIds: ['e1', 'e3'],
    reasonRequired: false,
    steps: production.steps.slice(0, 1),
    presets: production.presets.slice(0, 2),
  }
  expect(policyDifferences(production, next, names)).toEqual([
    { label: 'Entitlements', removed: ['prod_write on Data warehouse'], added: [] },
    { label: 'Reason', removed: ['required'], added: ['not required'] },
    {
      label: 'Approval step 2',
      removed: ['2 of Jonas Weber and someone in On-call leads'],
      added: [],
    },
    { label: 'Lengths', removed: ['3 days, notice 4 hours before'], added: [] },
  ])
})

it('sees lengths in another order, because people pick from that order', () => {
  const turned = { ...production, presets: [...production.presets].reverse() }
  expect(policyDifferences(production, turned, names).map((d) => d.label)).toEqual(['Lengths'])
})
