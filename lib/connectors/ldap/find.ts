/** Finding entries: people once by address, everything afterwards by its pinned id alone. */
import 'server-only'
import { AndFilter, type Entry, EqualityFilter, type Filter, OrFilter, PresenceFilter } from 'ldapts'
import {
  type ConnectorAccount,
  type ConnectorEntitlement,
  ConnectorError,
  type ResolveResult,
} from '../contract'
import type { Directory } from './client'
import { groupsFilter, isActiveDirectory, type LdapConfig, peopleFilter } from './config'
import { isDn } from './dn'
import { accountOf, byId, groupAttributes, isDisabled, isId, personAttributes, valuesOf } from './entries'
import { Result, resultCode } from './trouble'

const anything = () => new PresenceFilter({ attribute: 'objectClass' })

/** More than anybody would want to choose from. */
const CANDIDATES = 10

/** @throws ConnectorError `misconfigured` naming a base that is not there. */
export async function searchBase(
  directory: Directory,
  base: string,
  search: { filter: Filter; attributes: string[]; atMost?: number },
): Promise<Entry[]> {
  try {
    return await directory.search(base, search)
  } catch (error) {
    if (resultCode(error) !== Result.noSuchObject) throw error
    throw new ConnectorError(
      'misconfigured',
      `There is no “${base}” in this directory that the operator may see.`,
    )
  }
}

/** The directory's own names, under which everything is that it holds. */
async function namingContexts(directory: Directory): Promise<string[]> {
  const attribute = isActiveDirectory(directory.config) ? 'defaultNamingContext' : 'namingContexts'
  const root = await directory.entry('', { filter: anything(), attributes: [attribute] })
  return root ? valuesOf(root, attribute) : []
}

interface Pinned {
  id: string
  base: string
  /** What any entry of this kind under the base matches. */
  kind: Filter
  attributes: string[]
}

/**
 * The entry with a pinned id, wherever it was moved to. Null only where that proves something: the
 * base is there and entries of its kind can be seen in it, so that this one would have been seen.
 */
async function findPinned(
  directory: Directory,
  { id, base, kind, attributes }: Pinned,
): Promise<Entry | null> {
  const filter = byId(id, directory.config)
  const [found] = await searchBase(directory, base, { filter, attributes })
  if (found) return found
  for (const context of await namingContexts(directory)) {
    const [moved] = await directory.search(context, { filter, attributes }).catch((error: unknown) => {
      // Reading all of the directory is more than the operator needs to be allowed.
      const code = resultCode(error)
      if (code === Result.noSuchObject || code === Result.insufficientAccessRights) return []
      throw error
    })
    if (moved) return moved
  }
  const seen = await searchBase(directory, base, { filter: kind, attributes: ['1.1'], atMost: 1 })
  if (seen.length > 0) return null
  throw new ConnectorError(
    'misconfigured',
    `The operator sees nothing at all under “${base}”, so nothing proves what is gone.`,
  )
}

/** @throws ConnectorError `entitlement_missing` for a group that is proven gone. */
export async function findGroup(directory: Directory, entitlement: ConnectorEntitlement): Promise<Entry> {
  const { config } = directory
  const group = await findPinned(directory, {
    id: entitlement.id,
    base: config.groupsBase,
    kind: groupsFilter(config),
    attributes: groupAttributes(config),
  })
  if (group) return group
  throw new ConnectorError('entitlement_missing', `The group “${entitlement.name}” no longer exists.`)
}

/** @throws ConnectorError `principal_missing` for an account that is proven gone. */
export async function findAccount(directory: Directory, account: ConnectorAccount): Promise<Entry> {
  const { config } = directory
  const entry = await findPinned(directory, {
    id: account.id,
    base: config.peopleBase,
    kind: peopleFilter(config),
    attributes: personAttributes(config),
  })
  if (entry) return entry
  throw new ConnectorError('principal_missing', `The account “${account.name}” no longer exists.`)
}

const anyOf = (attributes: readonly string[], value: string) =>
  new OrFilter({
    filters: [...new Set(attributes)].map((attribute) => new EqualityFilter({ attribute, value })),
  })

/** People that fit the filter of the connection and this one, at most as many as one can choose from. */
async function people(directory: Directory, filter: Filter): Promise<Entry[]> {
  const { config } = directory
  return searchBase(directory, config.peopleBase, {
    filter: new AndFilter({ filters: [peopleFilter(config), filter] }),
    attributes: personAttributes(config),
    atMost: CANDIDATES,
  })
}

/** For choosing from: an account that is disabled says so. */
function candidate(entry: Entry, config: LdapConfig): ConnectorAccount {
  const account = accountOf(entry, config)
  return isDisabled(entry) ? { ...account, name: `${account.name} (disabled)` } : account
}

/** The accounts with a person's address. A single one that is disabled is said, and none to give to. */
export async function resolveAccount(directory: Directory, email: string): Promise<ResolveResult> {
  const { config } = directory
  const attributes = isActiveDirectory(config) ? ['userPrincipalName'] : []
  const entries = await people(directory, anyOf([config.mailAttribute, ...attributes], email))
  const [entry, second] = entries
  if (!entry) return { kind: 'missing' }
  if (second) return { kind: 'ambiguous', candidates: entries.map((each) => candidate(each, config)) }
  const account = accountOf(entry, config)
  if (!isDisabled(entry)) return { kind: 'found', account }
  throw new ConnectorError('rejected', `The account “${account.name}” is disabled in the directory.`)
}

/** The accounts that go by a text somebody typed: an id, a distinguished name, a login, a name or an address. */
export async function findAccounts(directory: Directory, text: string): Promise<ConnectorAccount[]> {
  const { config } = directory
  const all = (entries: Entry[]) => entries.map((entry) => candidate(entry, config))
  if (isId(text)) return all(await people(directory, byId(text.toLowerCase(), config)))
  if (isDn(text)) {
    const attributes = personAttributes(config)
    const entry = await directory.entry(text, { filter: peopleFilter(config), attributes })
    return all(entry ? [entry] : [])
  }
  const logins = isActiveDirectory(config) ? ['sAMAccountName', 'userPrincipalName'] : ['uid']
  return all(await people(directory, anyOf([...logins, 'cn', config.mailAttribute], text)))
}
