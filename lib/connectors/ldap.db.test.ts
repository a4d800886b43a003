import { randomUUID } from 'node:crypto'
import { Attribute, Change } from 'ldapts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createEgress } from '@/lib/egress'
import { groupsBase, operator, peopleBase, slapdTrouble, suffix } from '../../scripts/lib/slapd.mjs'
import { callConnector } from './call'
import type { ConnectorContext, ConnectorEntitlement, Holder } from './contract'
import { ldapConnector as connector } from './ldap'
import { type LdapConfig, PLACEHOLDER } from './ldap/config'
import { escapeDnValue } from './ldap/dn'
import { type Certificates, makeCertificates } from './testing/certificates'
import { type LdapWorld, ldapWorld } from './testing/world-ldap'

const trouble = slapdTrouble()
const egress = createEgress(['loopback'])
let world: LdapWorld
let certificates: Certificates | null = null

beforeAll(async () => {
  if (trouble) return
  certificates = makeCertificates()
  world = await ldapWorld(certificates ? { tls: certificates.files } : {})
})
afterAll(async () => {
  await world?.close()
  certificates?.remove()
  await egress.close()
})
beforeEach(({ skip }) => {
  if (trouble) skip(trouble)
})

const call = <Result>(
  attempt: (ctx: ConnectorContext<LdapConfig>) => Promise<Result>,
  effect: 'change' | 'look' = 'look',
  overrides: Partial<LdapConfig> = {},
) =>
  callConnector(attempt, {
    connector,
    config: { ...world.settings, ...overrides },
    operationId: randomUUID(),
    effect,
    egress,
    now: () => new Date(),
  })

type Pair = Parameters<typeof connector.check>[1]
type Settings = Partial<LdapConfig>
const grant = (pair: Pair, settings?: Settings) =>
  call((ctx) => connector.grant(ctx, { grantId: randomUUID(), endsAt: null, ...pair }), 'change', settings)
const revoke = (pair: Pair, settings?: Settings) =>
  call((ctx) => connector.revoke(ctx, { grantId: randomUUID(), ...pair }), 'change', settings)
const check = (pair: Pair, settings?: Settings) => call((ctx) => connector.check(ctx, pair), 'look', settings)
const testConnection = (settings?: Settings) => call((ctx) => connector.testConnection(ctx), 'look', settings)
const resolve = (email: string, settings?: Settings) =>
  call((ctx) => connector.resolveAccount(ctx, { person: { email, name: 'Somebody' } }), 'look', settings)
const catalogue = (settings?: Settings) =>
  call((ctx) => connector.listEntitlements(ctx, { cursor: null }), 'look', settings)

async function holders(entitlement: ConnectorEntitlement, settings?: Settings): Promise<Holder[]> {
  const found: Holder[] = []
  let cursor: string | null = null
  do {
    const args: { entitlement: ConnectorEntitlement; cursor: string | null } = { entitlement, cursor }
    const page = await call((ctx) => connector.listHolders!(ctx, args), 'look', settings)
    found.push(...page.items)
    cursor = page.next
  } while (cursor !== null)
  return found
}

/** The values of one attribute as the server has them. */
async function values(dn: string, attribute: string): Promise<string[]> {
  const { searchEntries } = await world.admin.search(dn, { scope: 'base', attributes: [attribute] })
  return [searchEntries[0]?.[attribute] ?? []].flat().map(String)
}

const newPair = async (): Promise<Pair> => ({
  entitlement: await world.addEntitlement(),
  account: (await world.addPerson()).account,
})

test.each([
  ['groupOfNames', 'member'],
  ['groupOfUniqueNames', 'uniqueMember'],
] as const)('the last member of a %s makes room for a placeholder', async (objectClass, attribute) => {
  const settings: Settings = { memberAttribute: attribute }
  const { account } = await world.addPerson()
  const dn = await world.dnOf(account.id)
  const name = `only one ${objectClass}`
  const entitlement = await world.addGroup(name, { objectClass, [attribute]: dn })
  const pair = { entitlement, account }
  const group = await world.dnOf(entitlement.id)
  expect((await check(pair, settings)).state).toBe('direct')
  expect(await revoke(pair, settings)).toEqual({ state: 'done', changed: true })
  expect(await values(group, attribute)).toEqual([PLACEHOLDER])
  expect((await check(pair, settings)).state).toBe('absent')
  expect(await holders(entitlement, settings)).toEqual([])
  expect(await revoke(pair, settings)).toEqual({ state: 'done', changed: false })
  expect(await grant(pair, settings)).toEqual({ state: 'done', changed: true })
  expect(await values(group, attribute)).toEqual([PLACEHOLDER, dn])
  expect(await revoke(pair, settings)).toEqual({ state: 'done', changed: true })
  expect(await values(group, attribute)).toEqual([PLACEHOLDER])
})

test('a posixGroup names logins, and its number makes others hold it indirectly', async () => {
  const settings: Settings = { memberAttribute: 'memberUid' }
  const posix = async (login: string, gidNumber: string) => ({
    id: await world.addEntry(`uid=${login}`, {
      objectClass: ['account', 'posixAccount'],
      uid: login,
      cn: login,
      uidNumber: gidNumber,
      gidNumber,
      homeDirectory: '/',
    }),
    name: login,
  })
  const account = await posix('posix-ana', '7001')
  const native = await posix('posix-mei', '7002')
  const entitlement = await world.addGroup('posix', { objectClass: 'posixGroup', gidNumber: '7002' })
  const pair = { entitlement, account }
  expect((await check(pair, settings)).state).toBe('absent')
  expect(await grant(pair, settings)).toEqual({ state: 'done', changed: true })
  expect(await grant(pair, settings)).toEqual({ state: 'done', changed: false })
  expect(await values(await world.dnOf(entitlement.id), 'memberUid')).toEqual(['posix-ana'])
  expect(await check({ entitlement, account: native }, settings)).toMatchObject({
    state: 'indirect',
    via: 'primary group',
  })
  expect(await holders(entitlement, settings)).toEqual([
    { account, state: 'direct' },
    { account: native, state: 'indirect', via: 'primary group' },
  ])
  expect(await revoke(pair, settings)).toEqual({ state: 'done', changed: true })
  expect((await check(pair, settings)).state).toBe('absent')
})

test('names and addresses made to be mistaken for a filter or a path find only their own', async () => {
  const hostile = ['*)(uid=*', 'a,ou=groups', '#1', ' x ', 'q"o\\t;e', '(|(cn=*))', '<a>+b=c', 'ü ñ 名']
  const entitlement = await world.addEntitlement('hostile, "group" +#<>;=\\ ')
  const bystander = await world.addPerson()
  await world.holdDirectly(entitlement, [bystander.account])
  for (const [n, name] of hostile.entries()) {
    const mail = `h${n}*)(mail=*\\@example.com`
    const id = await world.addEntry(`cn=${escapeDnValue(name)}`, {
      objectClass: 'inetOrgPerson',
      ...{ cn: name, sn: name, uid: name, mail },
    })
    const found = await resolve(mail)
    expect(found).toEqual({ kind: 'found', account: { id, name, email: mail } })
    expect(await call((ctx) => connector.findAccount!(ctx, { text: name }))).toMatchObject([{ id }])
    const pair = { entitlement, account: { id, name } }
    expect(await grant(pair)).toMatchObject({ changed: true })
    expect((await check(pair)).state).toBe('direct')
    expect(await world.holders(entitlement)).toEqual([bystander.account.id, id].sort())
    expect(await revoke(pair)).toMatchObject({ changed: true })
    expect(await world.holders(entitlement)).toEqual([bystander.account.id])
  }
  for (const text of ['*', '*@example.com', '*)(objectClass=*', 'h0*)(mail=*', '']) {
    expect(await resolve(text)).toEqual({ kind: 'missing' })
    expect(await call((ctx) => connector.findAccount!(ctx, { text }))).toEqual([])
  }
})

test('an account that was renamed or moved stays the same one', async () => {
  const pair = await newPair()
  await grant(pair)
  await world.admin.modifyDN(await world.dnOf(pair.account.id), 'cn=married')
  expect((await check(pair)).state).toBe('direct')
  await world.admin.add(`ou=leavers,${suffix}`, { objectClass: 'organizationalUnit', ou: 'leavers' })
  await world.admin.modifyDN(await world.dnOf(pair.account.id), `cn=married,ou=leavers,${suffix}`)
  expect((await check(pair)).state).toBe('direct')
  expect(await revoke(pair)).toEqual({ state: 'done', changed: true })
  expect((await check(pair)).state).toBe('absent')
})

test('groups within groups are followed, in circles too, and named', async () => {
  const { account } = await world.addPerson()
  const [outer, middle, inner] = [
    await world.addEntitlement('outer'),
    await world.addEntitlement('middle'),
    await world.addEntitlement('inner'),
  ]
  const put = async (group: ConnectorEntitlement, member: { id: string }) =>
    world.admin.modify(
      await world.dnOf(group.id),
      new Change({
        operation: 'add',
        modification: new Attribute({ type: 'member', values: [await world.dnOf(member.id)] }),
      }),
    )
  await put(outer, middle)
  await put(middle, inner)
  await put(inner, outer)
  await put(inner, account)
  for (const entitlement of [outer, middle]) {
    expect(await check({ entitlement, account })).toMatchObject({ state: 'indirect', via: 'inner' })
    expect(await holders(entitlement)).toMatchObject([{ account, state: 'indirect', via: 'inner' }])
  }
  expect((await check({ entitlement: inner, account })).state).toBe('direct')
})

test('a member who is not there is nobody’s, and stays', async () => {
  const pair = await newPair()
  const group = await world.dnOf(pair.entitlement.id)
  const ghost = `cn=ghost,${peopleBase}`
  const modification = new Attribute({ type: 'member', values: [ghost] })
  await world.admin.modify(group, new Change({ operation: 'add', modification }))
  await grant(pair)
  expect((await holders(pair.entitlement)).map(({ account }) => account.id)).toEqual([pair.account.id])
  await revoke(pair)
  expect(await values(group, 'member')).toContain(ghost)
})

test('a test of the connection finds out what the operator may change, and changes nothing', async () => {
  const pair = await newPair()
  const group = await world.dnOf(pair.entitlement.id)
  const before = await values(group, 'modifyTimestamp')
  const members = await values(group, 'member')
  const report = await testConnection()
  expect(report.ok).toBe(true)
  expect(report.identity).toBe(operator.dn)
  expect(report.checks.map(({ name }) => name)).toEqual([
    ...['Reach the server', 'Sign in', 'Kind of directory', 'Read people', 'Read groups', 'Change members'],
  ])
  expect(report.checks.at(-1)?.detail).toMatch(
    /may change member of \d+ groups tried; nothing was changed\.$|of \d+/,
  )
  expect(await values(group, 'member')).toEqual(members)
  expect(await values(group, 'modifyTimestamp')).toEqual(before)

  const reader = `cn=reader,ou=services,${suffix}`
  await world.admin.add(reader, {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn: 'reader',
    userPassword: 'reads',
  })
  const powerless = { bindDn: reader, password: 'reads' }
  const refused = await testConnection(powerless)
  expect(refused.ok).toBe(false)
  expect(refused.checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['Change members'])
  await expect(grant(pair, powerless)).rejects.toMatchObject({ code: 'auth' })
  expect(await values(group, 'member')).toEqual(members)
})

test.each<[string, Settings, string, RegExp]>([
  ['a wrong base for people', { peopleBase: `ou=peple,${suffix}` }, 'Read people', /no “ou=peple/],
  ['a wrong base for groups', { groupsBase: `ou=grups,${suffix}` }, 'Read groups', /no “ou=grups/],
  ['a filter nothing fits', { peopleFilter: '(uid=nobody)' }, 'Read people', /sees nobody/],
  ['the wrong attribute', { mailAttribute: 'mobile' }, 'Read people', /show no mobile/],
  [
    'the wrong kind of members',
    { memberAttribute: 'memberUid' },
    'Read groups',
    /Keeps its members in member/,
  ],
  ['the wrong kind of directory', { dialect: 'active-directory' }, 'Kind of directory', /choose the other/],
  [
    'an operator who does not exist',
    { bindDn: `cn=no,${suffix}` },
    'Sign in',
    /refuses the operator.*\(49\)/,
  ],
])('%s is told by the test of the connection', async (_, settings, name, words) => {
  await world.addPerson()
  await world.addGroup(`for ${name} ${words}`, { objectClass: 'groupOfNames', member: `cn=x,${suffix}` })
  const report = await testConnection({ groupsFilter: '(objectClass=groupOfNames)', ...settings })
  expect(report.ok).toBe(false)
  const failed = report.checks.find((each) => !each.ok)
  expect(failed).toMatchObject({ name, detail: expect.stringMatching(words) })
})

test('a wrong base proves nothing about what is in it', async () => {
  const pair = await newPair()
  await grant(pair)
  const wrong = { groupsBase: `ou=grups,${suffix}` }
  await expect(check(pair, wrong)).rejects.toMatchObject({ code: 'misconfigured' })
  await expect(revoke(pair, wrong)).rejects.toMatchObject({ code: 'misconfigured' })
  // A place without a single group is more likely one we may not see into than one where all are gone.
  const gone = { entitlement: { id: randomUUID(), name: 'gone' }, account: pair.account }
  const blind = { groupsBase: `ou=services,${suffix}` }
  await expect(check(gone, blind)).rejects.toMatchObject({ code: 'misconfigured' })
  await expect(check(gone)).rejects.toMatchObject({ code: 'entitlement_missing' })
  // One that is only elsewhere is found by its id.
  expect((await check(pair, blind)).state).toBe('direct')
})

test('groups that are not for lease say why, and are not given', async () => {
  const dynamic = await world.addUnmanaged()
  const unique = await world.addGroup('unique', {
    objectClass: 'groupOfUniqueNames',
    uniqueMember: `cn=x,${suffix}`,
  })
  const { items } = await catalogue()
  const reason = (id: string) => items.find((item) => item.id === id)?.reason
  expect(reason(dynamic.id)).toBe('Its members follow from a search (memberURL).')
  expect(reason(unique.id)).toBe('Keeps its members in uniqueMember, not in member.')
  const { account } = await world.addPerson()
  for (const entitlement of [dynamic, unique]) {
    await expect(grant({ entitlement, account })).rejects.toMatchObject({ code: 'entitlement_unmanaged' })
  }
})

test('a locked account is not given to, and is told apart from another with its address', async () => {
  const mail = 'locked@example.com'
  const add = (cn: string) =>
    world.addEntry(`cn=${cn}`, { objectClass: 'inetOrgPerson', cn, sn: cn, uid: cn, mail })
  const locked = await add('locked')
  const modification = new Attribute({ type: 'pwdAccountLockedTime', values: ['000001010000Z'] })
  await world.admin.modify(await world.dnOf(locked), new Change({ operation: 'add', modification }))
  await expect(resolve(mail)).rejects.toMatchObject({
    code: 'rejected',
    message: 'The account “locked” is disabled in the directory.',
  })
  await add('unlocked')
  const found = await resolve(mail)
  const names = found.kind === 'ambiguous' ? found.candidates.map(({ name }) => name) : []
  expect(names.sort()).toEqual(['locked (disabled)', 'unlocked'])
})

test('encryption: a certificate is checked by the authority given, on both ways', async ({ skip }) => {
  if (!certificates) return skip('there is no openssl to make certificates with')
  const pair = await newPair()
  const { authority } = certificates
  const ways: Settings[] = [
    { encryption: 'ldaps', port: world.slapd.tlsPort ?? 0 },
    { encryption: 'starttls', port: world.slapd.port },
  ]
  for (const way of ways) {
    const trusted = { ...way, caCertificate: authority }
    const report = await testConnection(trusted)
    expect(report.ok).toBe(true)
    expect(report.checks[0]?.detail).toMatch(/encrypted with TLSv1\.[23], its certificate was checked/)
    expect(await grant(pair, trusted)).toEqual({ state: 'done', changed: true })
    expect(await revoke(pair, trusted)).toEqual({ state: 'done', changed: true })
    await expect(grant(pair, way)).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringMatching(/No trusted encrypted connection.*(SELF_SIGNED|UNABLE_TO)/),
    })
    expect((await testConnection(way)).checks).toMatchObject([{ name: 'Reach the server', ok: false }])
    expect(await testConnection({ ...trusted, host: 'localhost' })).toMatchObject({ ok: true })
  }
  expect((await check(pair)).state).toBe('absent')
})

test('encryption that the server does not offer is never done without', async () => {
  const plain = await ldapWorld()
  try {
    const { port } = plain.slapd
    await expect(testConnection({ encryption: 'starttls', port })).resolves.toMatchObject({
      ok: false,
      checks: [{ detail: expect.stringMatching(/does not offer encryption by STARTTLS/) }],
    })
    await expect(check(await newPair(), { encryption: 'ldaps', port })).rejects.toMatchObject({
      code: expect.stringMatching(/retryable|misconfigured/),
    })
  } finally {
    await plain.close()
  }
})

test('a directory that holds back too many entries is not taken for a small one', async () => {
  const scarce = `cn=scarce,ou=services,${suffix}`
  await world.admin.add(scarce, {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn: 'scarce',
    userPassword: 'not much',
  })
  for (let n = 0; n < 501; n += 1) {
    await world.admin.add(`cn=crowd ${n},${groupsBase}`, {
      objectClass: 'groupOfNames',
      cn: `crowd ${n}`,
      member: `cn=x,${suffix}`,
    })
  }
  await expect(catalogue({ bindDn: scarce, password: 'not much' })).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringMatching(/too few entries/),
  })
  expect((await catalogue()).next).not.toBeNull()
})
