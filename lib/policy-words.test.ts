import { expect, it } from 'vitest'
import { DAY, HOUR } from './domain/duration'
import { blankPolicy, type PolicyDefinition, policyProblems } from './domain/policy'
import { policyDifferences } from './policy-differences'
import { outlookWords, type PolicyNames, plain, policyWords } from './policy-words'

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
    'Their manager, then 2 of Jonas Weber and On-call leads. Undecided after 1 day, it lapses.',
    'Whoever has not answered is reminded after 12 hours and 19 hours 12 minutes.',
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
      removed: ['2 of Jonas Weber and On-call leads'],
      added: [],
    },
    { label: 'Lengths', removed: ['3 days, notice 4 hours before'], added: [] },
  ])
})

it('sees lengths in another order, because people pick from that order', () => {
  const turned = { ...production, presets: [...production.presets].reverse() }
  expect(policyDifferences(production, turned, names).map((d) => d.label)).toEqual(['Lengths'])
})

const everything: PolicyDefinition = {
  ...production,
  steps: production.steps.map((step, i) => ({ ...step, escalateSeconds: (i + 2) * HOUR })),
  automatic: { groupIds: ['g1', 'g2'], maxSeconds: 6 * HOUR, maxRisk: 'medium', heldWithinDays: 30 },
  reminders: [75, 25],
  extensionApproval: { how: 'automatic', automaticSeconds: 6 * HOUR },
  graceSeconds: HOUR,
  emergency: { allowed: true, seconds: 2 * HOUR },
}

it('says how it is agreed to at once, who is asked too, who is reminded, and what an emergency does', () => {
  const words = said(everything)
  for (const sentence of [
    'Agreed at once, without asking anybody, if they are in Data engineering or On-call leads, it is for at most 6 hours, its risk is low or medium and they held it in the last 30 days; never for whoever published the version.',
    'On step 1 after 2 hours and on step 2 after 3 hours without a decision the application’s owners, then the admins are asked too.',
    'Whoever has not answered is reminded after 6 hours and 18 hours.',
    'In an emergency they get it at once for 2 hours, one at a time: the owners and the admins are told, and it is reviewed before their next.',
    'More time of at most 6 hours is agreed to at once, longer by the same steps.',
    'If nobody has answered at the end, they keep it for 1 hour, once.',
  ])
    expect(words).toContain(sentence)
})

it.each([
  [
    'one step that waits',
    { steps: [{ approvers: [{ kind: 'owners' as const }], quorum: 1, escalateSeconds: 8 * HOUR }] },
    'After 8 hours without a decision the application’s owners, then the admins are asked too.',
  ],
  [
    'a rule without a condition',
    { automatic: { groupIds: [], maxSeconds: null, maxRisk: null, heldWithinDays: null } },
    'Agreed at once: no condition yet.',
  ],
  [
    'conditions that are not filled in',
    { automatic: { groupIds: [], maxSeconds: 0, maxRisk: null, heldWithinDays: 0 } },
    'Agreed at once, without asking anybody, if it is for at most a length to fix and they held it in the last days to fix; never for whoever published the version.',
  ],
  [
    'one condition',
    { automatic: { groupIds: [], maxSeconds: null, maxRisk: 'low' as const, heldWithinDays: null } },
    'Agreed at once, without asking anybody, if its risk is low; never for whoever published the version.',
  ],
  [
    'more time by the first step',
    { extensionApproval: { how: 'first' as const, automaticSeconds: 0 } },
    'More time needs only the first step.',
  ],
  [
    'an emergency under a permanent policy',
    { mode: 'permanent' as const, emergency: { allowed: true, seconds: HOUR } },
    'In an emergency they get it at once for 1 hour, one at a time: the owners and the admins are told, and it is reviewed before their next.',
  ],
])('says %s', (_, part, sentence) => {
  expect(said({ ...production, ...part })).toContain(sentence)
})

it('says nothing of more time where nobody may ask for it', () => {
  const words = said({ ...everything, extension: { ...everything.extension, allowed: false } })
  expect(words.filter((sentence) => /^More time|keep it for/.test(sentence))).toEqual([])
})

it('tells every new part apart', () => {
  expect(policyDifferences(production, everything, names)).toEqual([
    {
      label: 'Approval step 1',
      removed: [],
      added: ['after 2 hours also the application’s owners, then the admins'],
    },
    {
      label: 'Approval step 2',
      removed: [],
      added: ['after 3 hours also the application’s owners, then the admins'],
    },
    {
      label: 'Agreed at once',
      removed: ['never'],
      added: [
        'if they are in Data engineering or On-call leads',
        'if it is for at most 6 hours',
        'if its risk is low or medium',
        'if they held it in the last 30 days',
      ],
    },
    {
      label: 'Reminders',
      removed: ['at 50 % of the time to decide', 'at 80 % of the time to decide'],
      added: ['at 25 % of the time to decide', 'at 75 % of the time to decide'],
    },
    { label: 'Emergency access', removed: ['not allowed'], added: ['at once, 2 hours'] },
    {
      label: 'More time is agreed to by',
      removed: ['the same steps'],
      added: ['at once up to 6 hours, else the same steps'],
    },
    { label: 'Kept while nobody has answered', removed: ['none'], added: ['1 hour, once'] },
  ])
})

it.each([
  [
    { never: 'groups' as const },
    'They are always asked for: they are in none of the groups of “Agreed at once”.',
  ],
  [
    { never: null, maxSeconds: 6 * HOUR, maxRisk: 'low' as const, heldWithinDays: 1 },
    'Agreed at once if it is for at most 6 hours, its risk is low and they held it in the last day. Else:',
  ],
  [
    { never: null, maxSeconds: null, maxRisk: null, heldWithinDays: null },
    'Agreed at once: nobody is asked.',
  ],
])('says of one person what the automatic rule means: %j', (outlook, sentence) => {
  expect(plain(outlookWords(outlook))).toBe(sentence)
})
