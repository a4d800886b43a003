import 'server-only'
import { AndFilter, type Entry, EqualityFilter, PresenceFilter } from 'ldapts'
import { type ConnectionTest, ConnectorError } from '../contract'
import { type Ctx, type Directory, withReached } from './client'
import { groupsFilter, isActiveDirectory, peopleFilter } from './config'
import { isDn } from './dn'
import { entitlementOf, firstOf, groupAttributes, idOf, unmanagedReason, valuesOf } from './entries'
import { searchBase } from './find'
import { listedAttributes, mayChange } from './lists'
import { Result, resultCode, troubleOf } from './trouble'

type Check = ConnectionTest['checks'][number]

/** Groups whose members we try to change, without changing them. */
const TRIED = 20
/** As many entries as a test reads of each kind. */
const SEEN = 200

const anything = () => new PresenceFilter({ attribute: 'objectClass' })
const counted = (n: number, one: string, many: string) =>
  `${n}${n >= SEEN ? ' or more' : ''} ${n === 1 ? one : many}`

/** Goes through everything a lease needs, in order, and stops at the first thing nothing further works without. */
export async function testConnection(ctx: Ctx): Promise<ConnectionTest> {
  const checks: Check[] = []
  const facts: Pick<ConnectionTest, 'identity' | 'credentialExpiresAt'> = {}
  await withReached(ctx, async (directory) => {
    const step = async (name: string, work: () => Promise<Omit<Check, 'name'>>) => {
      try {
        checks.push({ name, ...(await work()) })
      } catch (error) {
        const trouble = troubleOf(error, ctx.config, directory.progress)
        checks.push({ name, ok: false, detail: trouble.message })
      }
      return checks.at(-1)?.ok === true
    }
    const reached = await step('Reach the server', () => reach(directory))
    if (!reached || !(await step('Sign in', () => signIn(directory, facts)))) return
    await step('Kind of directory', () => kind(directory))
    await step('Read people', () => readPeople(directory))
    const groups: Entry[] = []
    if (await step('Read groups', () => readGroups(directory, groups))) {
      await step('Change members', () => changeMembers(directory, groups))
    }
    if (isActiveDirectory(ctx.config)) await step('Password’s end', () => passwordEnd(directory, facts))
  })
  return { ok: checks.every((check) => check.ok), ...facts, checks }
}

async function reach(directory: Directory) {
  await directory.reach()
  const { host, port } = directory.config
  const how = directory.encryption
    ? `encrypted with ${directory.encryption}, its certificate was checked`
    : 'not encrypted, on this machine'
  return { ok: true, detail: `${host}:${port} answers, ${how}.` }
}

async function signIn(directory: Directory, facts: { identity?: string }) {
  await directory.signIn()
  const told = await directory.whoAmI().catch((error: unknown) => {
    if (resultCode(error) === undefined) throw error
    return null
  })
  facts.identity = told?.replace(/^(dn|u):/i, '') || directory.config.bindDn
  return { ok: true, detail: `Signed in as “${facts.identity}”.` }
}

/** Source of the capability’s number: [MS-ADTS] 3.1.1.3.4.3. */
async function kind(directory: Directory) {
  const root = await directory.entry('', { filter: anything(), attributes: ['supportedCapabilities'] })
  const isAd = root !== null && valuesOf(root, 'supportedCapabilities').includes('1.2.840.113556.1.4.800')
  const ok = isAd === isActiveDirectory(directory.config)
  const is = isAd ? 'This is an Active Directory' : 'This is not an Active Directory'
  return { ok, detail: ok ? `${is}.` : `${is}: choose the other kind of directory.` }
}

async function readPeople(directory: Directory) {
  const { config } = directory
  const { peopleBase, mailAttribute } = config
  const withMail = new AndFilter({
    filters: [peopleFilter(config), new PresenceFilter({ attribute: mailAttribute })],
  })
  const attributes = [mailAttribute, ...groupAttributes(config)]
  const people = await searchBase(directory, peopleBase, { filter: withMail, attributes, atMost: SEEN })
  const [first] = people
  if (first) {
    idOf(first, config)
    const who = counted(people.length, 'person', 'people')
    return { ok: true, detail: `${who} with ${mailAttribute} under “${peopleBase}”.` }
  }
  const filter = peopleFilter(config)
  const any = await searchBase(directory, peopleBase, { filter, attributes: ['1.1'], atMost: 1 })
  const detail = any.length
    ? `The people under “${peopleBase}” show no ${mailAttribute}, by which they are found.`
    : `The operator sees nobody under “${peopleBase}” that fits the filter for people.`
  return { ok: false, detail }
}

async function readGroups(directory: Directory, groups: Entry[]) {
  const { config } = directory
  const { groupsBase, memberAttribute } = config
  const filter = groupsFilter(config)
  const attributes = listedAttributes(config)
  const all = await searchBase(directory, groupsBase, { filter, attributes, atMost: SEEN })
  const managed = all.filter((entry) => unmanagedReason(entry, config) === undefined)
  groups.push(...managed.slice(0, TRIED))
  if (all.length === 0) {
    return { ok: false, detail: `The operator sees no group under “${groupsBase}” that fits the filter.` }
  }
  if (managed.length === 0) {
    const reason = unmanagedReason(all[0]!, config)
    return { ok: false, detail: `None of the groups under “${groupsBase}” can be leased. ${reason}` }
  }
  idOf(managed[0]!, config)
  const found = `${counted(managed.length, 'group', 'groups')} to lease under “${groupsBase}”`
  const visible = await searchBase(directory, groupsBase, {
    filter: new AndFilter({ filters: [filter, new PresenceFilter({ attribute: memberAttribute })] }),
    attributes: ['1.1'],
    atMost: 1,
  })
  // Groups that must not be empty and show no member are groups whose members are hidden from us.
  const neverEmpty = managed.some((entry) =>
    valuesOf(entry, 'objectClass').some((name) => /^groupof(unique)?names$/i.test(name)),
  )
  if (visible.length === 0 && neverEmpty) {
    return { ok: false, detail: `${found}, but the operator may not read ${memberAttribute}.` }
  }
  return { ok: true, detail: `${found}.` }
}

async function changeMembers(directory: Directory, groups: readonly Entry[]) {
  const { config } = directory
  const refused: Entry[] = []
  for (const group of groups) {
    const may = isActiveDirectory(config) ? mayChange(group, config) : await wouldChange(directory, group)
    if (!may) refused.push(group)
  }
  const changeable = groups.length - refused.length
  const [first] = refused
  const tried = `${changeable} of ${groups.length === 1 ? 'the 1 group' : `${groups.length} groups`} tried`
  const rest = first ? ` Not, for example, “${entitlementOf(first, config).name}”.` : ''
  return {
    ok: changeable > 0,
    detail: `The operator may change ${config.memberAttribute} of ${tried}; nothing was changed.${rest}`,
  }
}

/**
 * Whether the operator could change a group's members, found out without a change: one request takes
 * out a value that is not there and adds it. A server judges the rights to both first (50), and then
 * refuses the whole for the first part (16); all or nothing is RFC 4511, 4.6. An assertion that fails
 * proves nothing, since OpenLDAP judges it before the rights.
 */
async function wouldChange(directory: Directory, group: Entry): Promise<boolean> {
  const id = idOf(group, directory.config)
  const value = directory.config.memberAttribute === 'memberUid' ? `nobody-${id}` : `cn=nobody-${id}`
  try {
    await directory.changeMembers(group.dn, [
      { operation: 'delete', value },
      { operation: 'add', value },
    ])
  } catch (error) {
    const code = resultCode(error)
    if (code === Result.noSuchAttribute) return true
    if (code === Result.insufficientAccessRights) return false
    throw error
  }
  throw new ConnectorError('misconfigured', 'The directory took a change that it had to refuse.')
}

/** Between 1601, when Windows begins to count, and 1970, in milliseconds. */
const EPOCH_MS = 11_644_473_600_000n
const NEVER = 0x7fff_ffff_ffff_ffffn

/** A time of Active Directory (100 ns since 1601); undefined for its two ways of saying never. */
export function adTime(text: string | undefined): Date | undefined {
  if (!text || !/^\d{1,19}$/.test(text)) return undefined
  const ticks = BigInt(text)
  return ticks === 0n || ticks >= NEVER ? undefined : new Date(Number(ticks / 10_000n - EPOCH_MS))
}

async function passwordEnd(directory: Directory, facts: { credentialExpiresAt?: Date; identity?: string }) {
  const attributes = ['msDS-UserPasswordExpiryTimeComputed', 'accountExpires']
  const own = await ownEntry(directory, attributes, facts.identity)
  const ends = own ? attributes.map((attribute) => adTime(firstOf(own, attribute))) : []
  const [first] = ends.filter((end) => end !== undefined).sort((a, b) => a.getTime() - b.getTime())
  if (!own) return { ok: true, detail: 'The operator does not see its own account, so its end is not known.' }
  if (!first) return { ok: true, detail: 'The operator’s password and account have no end.' }
  facts.credentialExpiresAt = first
  return {
    ok: true,
    detail: `The operator’s password or account ends on ${first.toISOString().slice(0, 10)}.`,
  }
}

/** Our own entry, by distinguished name, else by `name@domain`, else by `DOMAIN\name`. */
async function ownEntry(
  directory: Directory,
  attributes: string[],
  identity: string | undefined,
): Promise<Entry | null> {
  const { bindDn } = directory.config
  if (isDn(bindDn)) return directory.entry(bindDn, { filter: anything(), attributes })
  const root = await directory.entry('', { filter: anything(), attributes: ['defaultNamingContext'] })
  const base = root && firstOf(root, 'defaultNamingContext')
  if (!base) return null
  const filter = bindDn.includes('@')
    ? new EqualityFilter({ attribute: 'userPrincipalName', value: bindDn })
    : new EqualityFilter({ attribute: 'sAMAccountName', value: (identity ?? bindDn).replace(/^.*\\/, '') })
  return (await directory.search(base, { filter, attributes }))[0] ?? null
}
