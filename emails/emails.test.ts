import { describe, expect, it } from 'vitest'
import { type MailContent, type MailKind, renderMail } from './index'
import { previews } from './previews'

const preview = <K extends MailKind>(kind: K) => {
  const found = previews.find((mail) => mail.kind === kind)
  if (!found) throw new Error(`no preview of ${kind}`)
  return found as Extract<MailContent, { kind: K }>
}

/** Renders the preview of a kind with some facts changed. */
const variant = <K extends MailKind>(kind: K, change: Partial<Extract<MailContent, { kind: K }>['props']>) =>
  renderMail({ kind, props: { ...preview(kind).props, ...change } } as MailContent)

const firstLine = (text: string) => text.split('\n')[0]
/** What a reader sees of the HTML, in one line. */
const seen = (html: string) =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<!--.*?-->/gs, '')
    .replace(/<\/?span[^>]*>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#x27;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&')
    .replace(/\u200c/g, '')
    .replace(/[\s\u00a0]+/g, ' ')

const expected: Record<MailKind, { subject: string; link: string; says: string[] }> = {
  'decision-needed': {
    subject: 'Ana Oliveira asks for prod_read on Data warehouse for 1 day',
    link: 'Review request: https://access.halden.example/decide/k7Qf2mVx',
    says: [
      'Not decided yet. It lapses today at 17:52 Berlin time (CET).',
      'If you approve: Ana gets prod_read within seconds. It ends by itself 1 day later, and we tell Ana 4 hours before.',
      'Asked before: 7 times in 90 days: 6 approved, 1 withdrawn. Given back early 4 times.',
      'Who can decide: You, Ben Okafor, Jun Sato and Tomás Rivera. The first decision counts.',
    ],
  },
  'decision-reminder': {
    subject: 'Still waiting: Ana Oliveira asks for prod_read on Data warehouse for 1 day',
    link: 'Review request: https://access.halden.example/decide/k7Qf2mVx',
    says: ['It waits since today 13:52, and lapses in 2 hours: today at 17:52 Berlin time (CET).'],
  },
  'question-asked': {
    subject: 'Ben Okafor has a question about prod_read on Data warehouse',
    link: 'Answer: https://access.halden.example/requests/R-2041#questions',
    says: ['"Would the read replica do? It has the same tables until midnight."\nBen, today at 14:10'],
  },
  'question-answered': {
    subject: 'Ana Oliveira answered: prod_read on Data warehouse',
    link: 'Review request: https://access.halden.example/decide/k7Qf2mVx',
    says: [
      'You asked: Would the read replica do?',
      'It lapses today at 17:52 Berlin time (CET).',
      '"No, the rows in question were written this morning."',
    ],
  },
  'asked-for-you': {
    subject: 'Ben Okafor asks for prod_read on Data warehouse for 1 day, for you',
    link: 'View request: https://access.halden.example/requests/R-2041',
    says: [
      'You need not do anything.',
      'It lapses today at 17:52 Berlin time (CET).',
      'Neither you nor Ben decides on it.',
    ],
  },
  'request-withdrawn': {
    subject: 'Withdrawn: prod_read on Data warehouse',
    link: 'View request: https://access.halden.example/requests/R-2041',
    says: ['Ben Okafor took the request back today at 14:20 Berlin time (CET).'],
  },
  'emergency-taken': {
    subject: 'Emergency: Samuel Osei took prod_read on Data warehouse for 6 hours',
    link: 'Look at it now: https://access.halden.example/settings/access-management/grants/G-1201',
    says: [
      'Nobody was asked before: the access policy allows it.',
      'It is taken back after 6 hours and cannot be extended.',
      'Samuel also holds: Deploy on GitHub, permanent',
    ],
  },
  'approval-gaps': {
    subject: 'Nobody could say yes under 2 policies',
    link: 'See the policies: https://access.halden.example/settings/access-management/policies',
    says: [
      'Production read: Not for 2 people of 14: Jun Sato and Mira Lindqvist.',
      'Stripe webhooks: For nobody of 19 people who may ask.',
    ],
  },
  'request-approved': {
    subject: 'Approved: prod_read on Data warehouse for 1 day',
    link: 'View request: https://access.halden.example/requests/R-2041',
    says: ['You asked for 2 days; Ben agreed to 1 day.', 'If it cannot be given by Fri 13 Nov at 14:02:'],
  },
  'request-denied': {
    subject: 'Denied: prod_read on Data warehouse',
    link: 'View request: https://access.halden.example/requests/R-2041',
    says: ['Ben Okafor said no today at 14:02 Berlin time (CET).', 'Does that do?"\nBen, today at 14:02'],
  },
  'request-lapsed': {
    subject: 'Lapsed: nobody decided on prod_read on Data warehouse in time',
    link: 'Ask again: https://access.halden.example/catalogue/prod_read/request',
    says: ['The time to decide ran out today at 17:52 Berlin time (CET). Nothing was given.'],
  },
  'access-ready': {
    subject: 'You have prod_read on Data warehouse until Fri 13 Nov 14:03',
    link: 'View access: https://access.halden.example/grants/G-1187',
    says: ['It ends by itself on Fri 13 Nov at 14:03. We tell you on Fri 13 Nov at 10:03.'],
  },
  'expiry-notice': {
    subject: 'Your prod_read on Data warehouse ends today at 14:03',
    link: 'Request extension: https://access.halden.example/extend/p3Zt9Lwa',
    says: [
      'Fri 13 Nov, Berlin time (CET): 4 hours after we sent this.',
      'It is taken back by itself at 14:03, and your open sessions there are closed.',
      'Ben, Jun, Mira or Tomás has to agree before 14:03. Your work is not interrupted, and you have 2 extensions left.',
      'Done already? Give it back: https://access.halden.example/grants/G-1187/give-back',
    ],
  },
  extended: {
    subject: 'Extended: prod_read on Data warehouse now ends today 20:03',
    link: 'View access: https://access.halden.example/grants/G-1187',
    says: ['Mira Lindqvist agreed today at 11:12 to 6 hours more.', 'End before: Fri 13 Nov 14:03'],
  },
  'access-ended': {
    subject: 'Your prod_read on Data warehouse has ended',
    link: 'Ask again: https://access.halden.example/catalogue/prod_read/request',
    says: [
      'It ran its full day and was taken back today at 14:03 Berlin time (CET).',
      'Seen gone: 14:03:01, 1.4 s after the end. We looked in Data warehouse, and you were no longer in prod_read.',
      'Open sessions: 1 closed',
    ],
  },
  'could-not-give': {
    subject: 'Not given: prod_read on Data warehouse',
    link: 'Ask again: https://access.halden.example/catalogue/prod_read/request',
    says: ['It was agreed, but Data warehouse did not answer in time.', 'the access is not there.'],
  },
  'connection-trouble': {
    subject: 'Needs attention: Data warehouse does not accept our credentials any more',
    link: 'See the connection: https://access.halden.example/settings/access-management/applications/warehouse',
    says: [
      'New access: It waits, and is tried again at least every 15 minutes until its latest start.',
      '1. Have an admin save new credentials for Data warehouse. Everything that waits is tried again at once.',
      'You get this because you own Data warehouse. Jun Sato got it too.',
    ],
  },
  'entitlement-gone': {
    subject: 'Gone: prod_read on Data warehouse',
    link: 'See the application: https://access.halden.example/settings/access-management/applications/warehouse',
    says: [
      'Data warehouse did not list it twice in a row, so it is closed and nobody can ask for it any more.',
      'Live access: Ana Oliveira and Jun Sato held it. What they held has nothing to open any more.',
      'Access policy: Production read still offers it. Take it out there, or offer what took its place.',
    ],
  },
  'drift-found': {
    subject: '2 findings on Data warehouse: it does not match our record',
    link: 'See the findings: https://access.halden.example/settings/access-management/applications/warehouse',
    says: [
      'We read who holds what there, and found 2 differences. Nothing was changed there.',
      'Found: tomas_r holds prod_read without a lease',
      'And: Ana Oliveira does not hold prod_read any more, though the lease runs',
      'You get this because you own Data warehouse. Jun Sato got it too.',
    ],
  },
  'access-review': {
    subject: 'Please review: 12 accesses on Data warehouse',
    link: 'Review access: https://access.halden.example/approvals/access-reviews/R-1',
    says: [
      'Does each of them still need it?',
      'Whoever has not read production since summer does not need it.',
      'What nobody decides: Leases that nobody decided on are revoked.',
      'You get this because you are the manager of people who hold it. Mira Lindqvist started the access review “Autumn review”.',
    ],
  },
  'access-review-closed': {
    subject: 'Access review of Data warehouse closed: 1 missed',
    link: 'See what was decided: https://access.halden.example/settings/access-management/access-reviews/R-1',
    says: ['“Autumn review” is over.', 'Kept: 9', 'Removed: 2', 'Missed: 1', 'Revoked because missed: 1'],
  },
  'access-missing': {
    subject: 'Missing: your prod_read on Data warehouse',
    link: 'Have it given again: https://access.halden.example/',
    says: [
      'We looked on Data warehouse, and you are not in it any more. That was not us.',
      'It is never given again by itself: somebody may have had a reason.',
    ],
  },
  'role-changed': {
    subject: 'Jun Sato is an admin',
    link: 'See the person: https://access.halden.example/settings/people/jun',
    says: [
      'Ines Albrecht changed it today at 09:55 Berlin time (CET).',
      'Stands in for me in December.',
      'If you did not expect it, take the role back on that page and ask who did it.',
    ],
  },
  'ownership-passed': {
    subject: 'Data warehouse lost its last owner, and the admins own it now',
    link: 'Name an owner: https://access.halden.example/settings/access-management/applications/warehouse',
    says: ['Ben Okafor left.'],
  },
  'credential-ends': {
    subject: 'Our credential for Data warehouse ends on Fri 20 Nov at 13:30',
    link: 'Replace the credential: https://access.halden.example/settings/access-management/applications/warehouse?section=connection',
    says: [
      'Without a new one nothing can be given there after that, and nothing taken back.',
      '2. Have an admin save it on the application’s page.',
      'It comes 30, 7 and 1 days before the end.',
    ],
  },
  'could-not-remove': {
    subject: 'Not removed yet: Ana Oliveira’s prod_read on Data warehouse, due 14:03',
    link: 'See what is happening: https://access.halden.example/grants/G-1187',
    says: [
      'We could not take it back, because Data warehouse does not answer.',
      'Tried: 6 times since 14:03, last at 14:09:41',
      'Next try: 14:12, then at least every 15 minutes',
      'If it is still there today at 15:04, the admins are told as well.',
    ],
  },
  'task-for-you': {
    subject: 'For you to do by 15:00: take Chidi Eze out of Refunds on Stripe',
    link: 'Open task: https://access.halden.example/tasks/T-311',
    says: ['Account: chidi@halden.example', 'Chidi keeps access that has ended until you have done it.'],
  },
  'whose-account': {
    subject: 'Which account on Data warehouse is Ana Oliveira’s?',
    link: 'Say which one: https://access.halden.example/settings/access-management/applications/warehouse?section=accounts',
    says: [
      'More than one account there fits ana@halden.example, and we never take the first.',
      'prod_read waits for the answer, and goes on at once when you say it.',
      'Taking back waits for nobody: it goes by the account it was given to.',
      'In question: ana; ana_oliveira: ana@halden.example',
    ],
  },
  'conversion-planned': {
    subject: 'Your prod_read on Data warehouse will end on Mon 30 Nov at 18:00',
    link: 'See what you hold: https://access.halden.example/',
    says: [
      'Until now you have it for good. Mira Lindqvist turns it into a lease.',
      'From Mon 16 Nov 10:00 it is a lease. You keep it and nothing is interrupted. We tell you on Sun 29 Nov at 18:00, ahead of the end.',
      'If you need it longer: Ask for it anew whenever you need it.',
      'Talk to Ben Okafor or Jun Sato before Mon 16 Nov 10:00: until then it can be called off, and everything stays as it is.',
    ],
  },
  'conversion-called-off': {
    subject: 'Your prod_read on Data warehouse stays as it was',
    link: 'See what you hold: https://access.halden.example/',
    says: [
      'Mira Lindqvist called off that it becomes a lease. You keep it as before, and it does not end.',
      'Why: Ana is on call until spring.',
    ],
  },
  'drill-failed': {
    subject: 'The removal drill on Data warehouse failed',
    link: 'See the steps: https://access.halden.example/settings/access-management/applications/warehouse',
    says: [
      'What happened: Taken, and still seen there.',
      'The last proof is from Thu 12 Nov 10:02.',
      'Drill: leasehold_drill and drill_only, set aside for it',
      'You are told once, until it works again.',
    ],
  },
  checkpoint: {
    subject: 'Audit checkpoint 48213 of Leasehold at Halden',
    link: 'See the organisation page: https://access.halden.example/settings/organisation',
    says: [
      'The attached file states, signed, where the audit log of Halden stood.',
      'Last entry: Number 48213 of the chain',
      'npm run audit:verify -- --checkpoint checkpoint.jws',
    ],
  },
  'sign-in-link': {
    subject: 'Sign in to Leasehold at Halden, link valid until 14:13 Berlin time (CET)',
    link: 'Open sign-in page: https://access.halden.example/sign-in/confirm?token=7dKq2',
    says: ['The link works once, until 14:13 Berlin time (CET): 15 minutes after we sent this.'],
  },
}

describe.each(previews)('$kind', (content) => {
  const { subject, link, says } = expected[content.kind]

  it('says who, what and until when in the subject, and the rest in the text', async () => {
    const mail = await renderMail(content)
    expect(mail.subject).toBe(subject)
    expect(mail.text).toContain(`\n${link}\n`)
    for (const sentence of says) expect(mail.text).toContain(sentence)
    expect(mail.text).not.toMatch(/!|undefined|null|\[object|NaN|Invalid/)
  })

  it('tells the same in HTML as in text', async () => {
    const mail = await renderMail(content)
    const words = seen(mail.html)
    expect(words).toContain(firstLine(mail.text))
    const said = mail.text.split('\n').filter((line) => line.includes('. ') && !line.includes('://'))
    const bodies = said.map((line) => line.replace(/^(\d\. |"|[^.:]+(?:\d\d:\d\d)?: )/, '').replace(/"$/, ''))
    for (const body of bodies.filter((line) => !line.startsWith('Not decided yet')))
      expect(words).toContain(body)
    expect(bodies.length).toBeGreaterThan(0)
  })

  it('fetches nothing, runs nothing, and has one main button', async () => {
    const { html } = await renderMail(content)
    expect(html).not.toMatch(/<(img|script|link|iframe|object|embed|video|form|input|base)\b/i)
    expect(html).not.toMatch(/\b(src|srcset|background|on\w+)\s*=|url\(|@import|@font-face/i)
    const links = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1])
    for (const href of links) expect(href).toMatch(/^https:\/\/access\.halden\.example\//)
    expect(html.match(/class="btnq?"/g)).toHaveLength(1)
    expect(html.match(/<title>/g)).toHaveLength(1)
    expect(html.match(/<h1\b/g)).toHaveLength(1)
    // Gmail cuts a mail off at 102 KB.
    expect(html.length).toBeLessThan(60_000)
  })

  it('cleans what people wrote', async () => {
    const mail = await renderMail(hostile(content))
    // The preview line is padded with U+200C, by us.
    const bad = /(?!\n)\p{Cc}|(?!\u200c)\p{Cf}|[\u2028\u2029]/u
    expect(mail.subject).not.toMatch(bad)
    expect(mail.subject).not.toContain('\n')
    expect([...mail.subject].length).toBeLessThanOrEqual(300)
    expect(mail.text).not.toMatch(bad)
    expect(mail.html).not.toMatch(bad)
    expect(mail.html).not.toContain('<b onclick')
    expect(mail.text.split('\n').filter((line) => line.startsWith('Review request: https://evil'))).toEqual(
      [],
    )
    expect(mail.text.split('\n').filter((line) => /^bcc:/i.test(line))).toEqual([])
  })
})

const NASTY =
  'Ana\u202e evil\u200b\u0000\u2066\r\nBcc: all@halden.example\r\nReview request: https://evil.example/x\u2028<b onclick=x>"'

/** The same mail with every word a person could have typed turned against the reader. */
function hostile(content: MailContent): MailContent {
  const ours = /^https:|^Europe\//
  const closed = new Set(['kind', 'why', 'because', 'act', 'proof', 'zone', 'risk', 'approval', 'after'])
  const turn = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') return ours.test(value) || closed.has(key) ? value : NASTY
    if (Array.isArray(value)) return value.map((item) => turn(item))
    if (value instanceof Date || value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, turn(item, name)]))
  }
  return { kind: content.kind, props: turn(content.props) } as MailContent
}

describe('expiry notice', () => {
  it.each([
    ['policy', 'This access cannot be extended.'],
    ['count', 'It has been extended as often as its policy allows.'],
    ['length', 'It has reached the longest time its policy allows.'],
    ['pending', 'You have asked for more time already; that is decided before 14:03, or this ends.'],
  ] as const)('has no extension button when not allowed: %s', async (why, says) => {
    const mail = await variant('expiry-notice', { extension: { allowed: false, why } })
    expect(mail.text).toContain(says)
    expect(mail.text).toContain('View access: https://access.halden.example/grants/G-1187')
    expect(seen(mail.html)).not.toContain('Request extension')
    expect(mail.text).toContain('Give it back: https://access.halden.example/grants/G-1187/give-back')
    expect(mail.html).not.toContain('/extend/')
  })

  it('does not say that access held before is taken back', async () => {
    const mail = await variant('expiry-notice', { preexisting: true })
    expect(mail.subject).toBe('Your lease of prod_read on Data warehouse ends today at 14:03')
    expect(mail.text).toContain('The lease ends at 14:03, and the access stays: you held it before.')
    expect(mail.text).not.toContain('taken back')
  })

  it('writes the reader’s own zone, and the date once the end is not today', async () => {
    const mail = await variant('expiry-notice', { zone: 'Asia/Tokyo', now: new Date('2026-11-13T09:03:00Z') })
    expect(mail.subject).toBe('Your prod_read on Data warehouse ends today at 22:03')
    const far = await variant('expiry-notice', { endsAt: new Date('2027-01-02T09:30:00Z') })
    expect(far.subject).toBe('Your prod_read on Data warehouse ends on Sat 2 Jan 2027 at 10:30')
    const unknown = await variant('expiry-notice', { zone: 'Mars/Olympus' })
    expect(unknown.text).toContain('Fri 13 Nov, UTC: 4 hours after we sent this.')
    expect(unknown.subject).toBe('Your prod_read on Data warehouse ends today at 13:03')
  })

  it('rounds the distance when it was sent a little late', async () => {
    const mail = await variant('expiry-notice', { now: new Date('2026-11-13T09:03:41Z') })
    expect(mail.text).toContain('4 hours after we sent this.')
  })
})

describe('somebody asked for somebody else', () => {
  const extension = { extends: { endsAt: new Date('2026-11-13T13:03:00Z') } }

  it('denied and lapsed tell each of the two their part', async () => {
    for (const kind of ['request-denied', 'request-lapsed'] as const) {
      const asker = await variant(kind, { ...extension, beneficiary: 'Ana Oliveira' })
      expect(asker.text).toContain('You get this because you asked for Ana Oliveira.')
      const holder = await variant(kind, { ...extension, askedBy: 'Ben Okafor' })
      expect(holder.text).toContain('You get this because Ben Okafor asked for you.')
    }
  })

  it('extended tells the asker whose it is, and puts nothing into their calendar', async () => {
    const mail = await variant('extended', { holder: 'Ana Oliveira' })
    expect(mail.subject).toBe('Extended: Ana Oliveira’s prod_read on Data warehouse now ends today 20:03')
    expect(mail.text).toContain('You get this because you asked for it.')
    expect(mail.attachments).toBeUndefined()
  })
})

describe('decision needed', () => {
  it('says what an extension moves', async () => {
    const extension = {
      extends: { endsAt: new Date('2026-11-12T15:00:00Z') },
      seconds: 21_600,
      noticeSeconds: 3_600,
    }
    const mail = await variant('decision-needed', extension)
    expect(mail.subject).toBe('Ana Oliveira asks to keep prod_read on Data warehouse for 6 hours longer')
    expect(mail.text).toContain(
      'The end moves from today 16:00 to today 22:00, and we tell Ana 1 hour before.',
    )
    expect(mail.text).toContain('Ana’s access ends today at 16:00 as planned, and we say so to Ana.')
  })

  it('names the one it is for, says that it is permanent, and that others have to agree', async () => {
    const mail = await variant('decision-needed', {
      beneficiary: 'Chidi Eze',
      seconds: null,
      noticeSeconds: null,
      quorum: 2,
      reason: null,
    })
    expect(mail.subject).toBe('Ana Oliveira asks for permanent prod_read on Data warehouse, for Chidi Eze')
    expect(mail.text).toContain(
      'Your yes counts; others have to agree too. Chidi gets prod_read once all have agreed.',
    )
    expect(mail.text).toContain('It stays until somebody revokes it.')
    expect(mail.text).toContain('No reason was given.')
    expect(mail.text).toContain('2 have to agree; one no ends it.')
  })
})

describe('access ended', () => {
  const early = new Date('2026-11-12T18:00:00Z')

  it.each([
    ['revoked', { by: 'Mira Lindqvist' }, 'Revoked by Mira Lindqvist'],
    ['returned', {}, 'You gave it back'],
    ['withdrawn', { by: 'Mira Lindqvist' }, 'Withdrawn by Mira Lindqvist'],
    ['left', { holder: 'Ana Oliveira' }, 'Ana Oliveira is no longer active'],
  ] as const)('says why, and the end it would have had: %s', async (why, more, words) => {
    const mail = await variant('access-ended', { why, endedAt: early, now: early, ...more })
    expect(mail.text).toContain(`Why it ended: ${words}`)
    expect(mail.text).toContain(`${words}, and taken back today at 19:00`)
    expect(mail.text).toContain('It would have ended on Fri 13 Nov at 14:03.')
  })

  it('speaks of the holder to somebody else, and offers no new request', async () => {
    const mail = await variant('access-ended', { holder: 'Ana Oliveira' })
    expect(mail.subject).toBe('Ana Oliveira’s prod_read on Data warehouse has ended')
    expect(mail.text).toContain('and Ana was no longer in prod_read.')
    expect(mail.text).not.toMatch(/Ask again|nothing for you to do/)
  })

  it('never claims to have seen what nobody saw', async () => {
    const at = new Date('2026-11-13T13:03:00Z')
    const unverified = await variant('access-ended', { proof: { kind: 'unverified', at } })
    expect(unverified.text).toContain('It cannot be asked, so we have not seen it.')
    const stated = await variant('access-ended', {
      why: 'attested',
      proof: { kind: 'attested', by: ['Mira Lindqvist', 'Jun Sato'], reason: 'The server was scrapped' },
    })
    expect(stated.text).toContain('Stated, not seen: Mira Lindqvist and Jun Sato: “The server was scrapped.”')
    for (const mail of [unverified, stated]) expect(mail.text).not.toMatch(/Seen gone|We looked/)
  })

  it('says that access held before stays', async () => {
    const mail = await variant('access-ended', { proof: { kind: 'stays' }, sessionsClosed: undefined })
    expect(mail.subject).toBe('Your lease of prod_read on Data warehouse has ended, the access stays')
    expect(mail.text).toContain('It was held before our first give, so it was left as it was')
    expect(mail.text).not.toMatch(/taken back|Seen gone|Open sessions/)
  })

  it('says that nothing was given when it never began', async () => {
    const mail = await variant('access-ended', {
      why: 'withdrawn',
      by: 'Ana Oliveira',
      givenAt: null,
      proof: { kind: 'never-given' },
      sessionsClosed: undefined,
    })
    expect(mail.subject).toBe('Your prod_read on Data warehouse was withdrawn before it began')
    expect(mail.text).toContain(
      'Withdrawn by Ana Oliveira, today at 14:03 Berlin time (CET). Nothing was given.',
    )
  })
})

describe('trouble', () => {
  it.each([
    ['refused', 'because Data warehouse refuses it.'],
    ['credentials', 'Save new credentials for Data warehouse.'],
    ['rate-limited', 'asks us to slow down'],
    ['unclear', 'gave no clear answer'],
    ['still-there', 'said yes, and it is still there'],
    ['task-not-done', 'The task stays open until it is gone.'],
  ] as const)('could not remove: %s', async (why, says) => {
    const mail = await variant('could-not-remove', { why })
    expect(mail.text).toContain(says)
    expect(mail.text).toContain('Ana has done nothing wrong.')
  })

  it('could not remove: tells an admin later that the owners know, and promises no other mail', async () => {
    const toldAt = new Date('2026-11-13T13:04:00Z')
    const mail = await variant('could-not-remove', { toldAt, adminsAt: null, because: 'admin' })
    expect(mail.text).toContain('Those who look after Data warehouse were told today at 14:04')
    expect(mail.text).toContain('You get no other mail about it')
  })

  it('could not give: tells an owner whom it is about', async () => {
    const mail = await variant('could-not-give', {
      holder: 'Ana Oliveira',
      why: 'no-account',
      proof: 'never-sent',
    })
    expect(mail.subject).toBe('Not given: prod_read on Data warehouse for Ana Oliveira')
    expect(mail.text).toContain(
      'Ana has no account on Data warehouse. Nothing was sent, so nothing was given.',
    )
  })

  it('whose outcome is unclear does not claim that nothing is there', async () => {
    const mail = await variant('could-not-give', { proof: 'unclear' })
    expect(mail.text).toContain('It may be there all the same, so it is being taken back')
    expect(mail.text).not.toContain('not there.')
  })

  it('with a connection says what happens to what is asked for meanwhile, and what to do', async () => {
    const off = await variant('connection-trouble', { why: 'switched-off' })
    expect(off.subject).toBe('Needs attention: Data warehouse has switched its connection off')
    expect(off.text).toContain('It is not given: the connection is paused until an admin resumes it.')
    const moved = await variant('connection-trouble', { why: 'others-moved' })
    expect(moved.subject).toBe('Needs attention: In Data warehouse other members moved while one was changed')
    expect(moved.text).toContain('1. Compare the members in Data warehouse with who should be there')
    expect(seen(moved.html)).not.toContain('cannot be given')
    const failing = await variant('connection-trouble', { why: 'failing' })
    expect(failing.subject).toBe('Needs attention: Data warehouse has failed every test for an hour')
    expect(failing.text).toContain(
      '1. See whether Data warehouse is up, and whether it can be reached from here.',
    )
    expect(failing.text).toContain('Taking back goes on being tried.')
  })

  it('of an access that came back says so, also when it is gone again', async () => {
    const at = new Date('2026-11-13T13:03:30Z')
    const found = await variant('could-not-remove', { cameBack: { at, goneAt: null } })
    expect(found.subject).toBe('Found again: Ana Oliveira’s prod_read on Data warehouse')
    expect(found.text).toContain('It is being taken back once more')
    const gone = await variant('could-not-remove', { cameBack: { at, goneAt: at } })
    expect(gone.text).toContain('It was taken back once more and seen gone today at 14:03')
  })
})

describe('a request to decide', () => {
  it('tells several asked in one go in one mail, each with its own page', async () => {
    const { subject, text, html } = await variant('decision-needed', {
      alsoAsked: [
        {
          entitlement: 'prod_write',
          application: 'Data warehouse',
          seconds: 21_600,
          risk: 'high',
          url: 'https://access.halden.example/decide/second',
        },
      ],
    })
    expect(subject).toBe('Ana Oliveira asks for 2 things at once: prod_read and prod_write')
    expect(text).toContain('Ana Oliveira asks for prod_read on Data warehouse for 1 day.')
    expect(text).toContain(
      'prod_write on Data warehouse, for 6 hours, high risk. Review prod_write: https://access.halden.example/decide/second',
    )
    expect(html).toContain('href="https://access.halden.example/decide/second"')
  })

  it('says in whose place, what it may not be held together with, and what was asked so far', async () => {
    const { text } = await variant('decision-needed', {
      inPlaceOf: { name: 'Ben Okafor', until: new Date('2026-11-14T10:00:00Z') },
      apart: [
        {
          rule: 'Pay out and refund',
          reason: 'One person could do both',
          other: { entitlement: 'Payouts', application: 'Stripe' },
          how: 'held',
        },
      ],
      questions: [{ by: 'Jun Sato', question: 'Which tables?', answer: null }],
    })
    expect(text).toContain(
      'In place of Ben Okafor: You decide in place of Ben, who is away until Sat 14 Nov 11:00 and named you.',
    )
    expect(text).toContain(
      'Separation of duties: Pay out and refund: Ana holds Payouts on Stripe. One person could do both.',
    )
    expect(text).toContain('Questions: Jun: Which tables?; Not answered yet')
  })
})

describe('an approval that nobody gave', () => {
  it.each([
    ['automatic' as const, 'The access policy agreed, and nobody had to be asked: today at 14:02'],
    ['emergency' as const, 'Taken as emergency access, which nobody has to agree to before: today at 14:02'],
  ])('%s', async (approval, says) => {
    const { text } = await variant('request-approved', { decision: null, approval })
    expect(text).toContain(says)
  })

  it('and a lapse because nobody is left', async () => {
    const { subject, text } = await variant('request-lapsed', { why: 'nobody-left' })
    expect(subject).toBe('Lapsed: nobody is left who could agree to prod_read on Data warehouse')
    expect(text).toContain('Everybody who was asked left or may not decide any more')
  })
})

describe('why this reader is asked', () => {
  it.each([
    [
      'nobody decided in time',
      { because: 'fallback' as const, escalated: 'late' as const },
      'Nobody of those who were asked first has decided so far, so you are asked as well.',
    ],
    [
      'too few are left',
      { because: 'fallback' as const, escalated: 'lost' as const },
      'Too few of those who were asked first are left, so you are asked to decide.',
    ],
    [
      'an admin said so',
      { because: 'reassigned' as const, reassigned: { by: 'Ines Albrecht', reason: 'Ben is ill' } },
      'Ines Albrecht asked you to decide instead: Ben is ill.',
    ],
    [
      'a rule of separation',
      { because: 'separation' as const },
      'You get this because it needs one more yes, for separation of duties.',
    ],
  ])('%s', async (_, props, says) => {
    const { text, html } = await variant('decision-needed', props)
    expect(text).toContain(says)
    expect(html).toContain(says.split(': ').at(-1))
  })

  it('says what the holder has already before anything else is explained', async () => {
    const { text } = await variant('decision-needed', {})
    const holds = text.indexOf('Ana already holds Payments on-call on JumpCloud and 2 more.')
    expect(holds).toBeGreaterThan(0)
    expect(holds).toBeLessThan(text.indexOf('If you approve'))
    expect((await variant('decision-needed', { holds: [] })).text).toContain('Ana holds nothing else now.')
  })
})

describe('an approver who changed what was asked for', () => {
  it('is named for the shorter time and the later start, also to whom it is for', async () => {
    const { text } = await variant('request-approved', {
      askedBy: 'Mira Lindqvist',
      shortenedBy: 'Jun Sato',
      postponedBy: 'Ben Okafor',
      startsAt: new Date('2026-11-13T08:00:00Z'),
    })
    expect(text).toContain('Mira Lindqvist asked for 2 days; Jun agreed to 1 day.')
    expect(text).toContain('Ben set a later start: on Fri 13 Nov at 09:00.')
  })

  it('is named in the mail of more time; where nobody was asked, that is said', async () => {
    const shorter = await variant('extended', { askedSeconds: 86_400, shortenedBy: 'Mira Lindqvist' })
    expect(shorter.text).toContain('You asked for 1 day; Mira made it shorter.')
    const automatic = await variant('extended', { decision: null })
    expect(automatic.text).toContain('The access policy agreed to 6 hours more, and nobody had to be asked.')
  })

  it('is named with whom they stood in for', async () => {
    const decision = {
      by: 'Jun Sato',
      inPlaceOf: 'Ben Okafor',
      at: new Date('2026-11-12T12:02:00Z'),
      note: null,
    }
    const { text } = await variant('request-denied', { decision })
    expect(text).toContain('Jun Sato, in place of Ben Okafor, said no today at')
  })
})

describe('more time, as the expiry notice offers it', () => {
  const offer = {
    allowed: true as const,
    url: 'https://x.example/e',
    maxSeconds: 86_400,
    deciders: ['Ben Okafor'],
    left: 1,
  }
  it.each([
    [
      'not after an emergency',
      { allowed: false as const, why: 'emergency' as const },
      'Emergency access is not extended.',
    ],
    ['without asking anybody', { ...offer, automaticSeconds: 86_400 }, 'Nobody has to be asked.'],
    [
      'without asking anybody up to a length',
      { ...offer, automaticSeconds: 21_600 },
      'Up to 6 hours needs nobody’s yes. For longer, Ben Okafor has to agree before',
    ],
    [
      'with a grace while it is asked for',
      { allowed: false as const, why: 'pending' as const, graceSeconds: 3600 },
      'You have asked for more time already. If nobody has answered by the end, you keep it for 1 hour more, once.',
    ],
    [
      'with a grace',
      { ...offer, graceSeconds: 3600 },
      'If nobody has answered by the end, you keep it for 1 hour more, once.',
    ],
  ])('%s', async (_, extension, says) => {
    expect((await variant('expiry-notice', { extension })).text).toContain(says)
  })

  it('promises no grace where there is none', async () => {
    expect((await variant('expiry-notice', { extension: offer })).text).not.toContain('you keep it')
  })
})
