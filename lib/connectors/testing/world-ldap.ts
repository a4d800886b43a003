import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { Attribute, Change, Client, EqualityFilter } from 'ldapts'
import {
  administrator,
  groupsBase,
  operator,
  peopleBase,
  startSlapd,
  suffix,
} from '../../../scripts/lib/slapd.mjs'
import type { ConnectorAccount, ConnectorEntitlement } from '../contract'
import { ldapConnector } from '../ldap'
import type { LdapConfig } from '../ldap/config'
import { escapeDnValue } from '../ldap/dn'
import { type CommitProxy, startProxy } from './proxy'
import type { Person, World } from './world'

export interface LdapWorld extends World {
  settings: LdapConfig
  /** The administrator's connection to the same server. */
  admin: Client
  /** The name of the entry with this id, as the server has it now. */
  dnOf: (id: string) => Promise<string>
  /** Makes a group of any kind and gives its id. */
  addGroup: (name: string, attributes: Record<string, string | string[]>) => Promise<ConnectorEntitlement>
  /** Makes a person's entry of any kind. */
  addEntry: (rdn: string, attributes: Record<string, string | string[]>) => Promise<string>
  slapd: Awaited<ReturnType<typeof startSlapd>>
}

/** Holds every group of this world that must not be empty. */
const NOBODY = `cn=nobody,${suffix}`

async function unusedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Whether the bytes are a request to change an entry (RFC 4511, 4.6); our client sends one request at a time. */
export function isModify(chunk: Buffer): boolean {
  const lengthBytes = (at: number) => 1 + ((chunk[at] ?? 0) & 0x80 ? (chunk[at] ?? 0) & 0x7f : 0)
  if (chunk[0] !== 0x30) return false
  const id = 1 + lengthBytes(1)
  if (chunk[id] !== 0x02) return false
  return chunk[id + 2 + (chunk[id + 1] ?? 0)] === 0x66
}

/** A world on an OpenLDAP server of its own. */
export async function ldapWorld(options: Parameters<typeof startSlapd>[0] = {}): Promise<LdapWorld> {
  const slapd = await startSlapd(options)
  const admin = new Client({ url: `ldap://127.0.0.1:${slapd.port}` })
  await admin.bind(administrator.dn, administrator.password)
  const wrong = `wrong+${randomBytes(9).toString('hex')}`
  const proxies: CommitProxy[] = []
  let serial = 0
  const fresh = (kind: string) => `${kind}-${++serial}`

  const unit = (name: string) => ({ objectClass: 'organizationalUnit', ou: name })
  await admin.add(suffix, { objectClass: ['dcObject', 'organization'], dc: 'halden', o: 'Halden' })
  for (const name of ['people', 'groups', 'services']) await admin.add(`ou=${name},${suffix}`, unit(name))
  await admin.add(operator.dn, {
    objectClass: ['organizationalRole', 'simpleSecurityObject'],
    cn: 'leasehold',
    userPassword: operator.password,
  })

  const settings: LdapConfig = {
    host: slapd.host,
    port: slapd.port,
    encryption: 'none',
    dialect: 'openldap',
    bindDn: operator.dn,
    password: operator.password,
    peopleBase,
    groupsBase,
    mailAttribute: 'mail',
    memberAttribute: 'member',
  }

  const idOf = async (dn: string) => {
    const { searchEntries } = await admin.search(dn, { scope: 'base', attributes: ['entryUUID'] })
    return String(searchEntries[0]?.entryUUID)
  }
  const dnOf = async (id: string) => {
    const filter = new EqualityFilter({ attribute: 'entryUUID', value: id })
    const { searchEntries } = await admin.search(suffix, { filter, attributes: ['1.1'] })
    return String(searchEntries[0]?.dn)
  }
  const addEntry: LdapWorld['addEntry'] = async (rdn, attributes) => {
    const dn = `${rdn},${peopleBase}`
    await admin.add(dn, attributes)
    return idOf(dn)
  }
  const addGroup: LdapWorld['addGroup'] = async (name, attributes) => {
    const dn = `cn=${escapeDnValue(name)},${groupsBase}`
    await admin.add(dn, { cn: name, ...attributes })
    return { id: await idOf(dn), name }
  }
  const addMember = async (group: string, member: string) => {
    const modification = new Attribute({ type: 'member', values: [member] })
    await admin.modify(group, new Change({ operation: 'add', modification }))
  }
  const addEntitlement = (name = fresh('group')) =>
    addGroup(name, { objectClass: 'groupOfNames', member: NOBODY })
  const addAccount = async (local: string, mail: string): Promise<ConnectorAccount> => {
    const id = await addEntry(`cn=${escapeDnValue(local)}`, {
      objectClass: 'inetOrgPerson',
      cn: local,
      sn: local,
      uid: local,
      mail,
    })
    return { id, name: local }
  }

  return {
    against: 'a real server: OpenLDAP',
    connector: ldapConnector as unknown as World['connector'],
    admin,
    slapd,
    settings,
    identity: operator.dn,
    wrongCredential: { ...settings, password: wrong },
    unreachable: { ...settings, port: await unusedPort() },
    canaries: [operator.password, wrong, Buffer.from(operator.password).toString('base64')],
    morePerPage: 501,
    dnOf,
    addEntry,
    addGroup,
    addEntitlement,
    addUnmanaged: () =>
      addGroup(fresh('search'), {
        objectClass: 'groupOfURLs',
        memberURL: `ldap:///${peopleBase}??sub?(objectClass=person)`,
      }),
    async addPerson({ awkward } = {}): Promise<Person> {
      const local = awkward ? ` #${fresh('zoë')}, "o'neil" + <x>=(*)\\; /y ` : fresh('person')
      const email = awkward ? `zoe+(*)\\|&!${serial}@example.com` : `${local}@example.com`
      return { person: { email, name: local }, account: await addAccount(local, email) }
    },
    async addTwins() {
      const email = `${fresh('twin')}@example.com`
      await addAccount(fresh('first'), email)
      await addAccount(fresh('second'), email)
      return { email, name: 'Twin' }
    },
    async holdIndirectly(entitlement, account) {
      const between = await addEntitlement(fresh('between'))
      const dn = await dnOf(between.id)
      await addMember(dn, await dnOf(account.id))
      await addMember(await dnOf(entitlement.id), dn)
      return between.name
    },
    async holdDirectly(entitlement, accounts) {
      const group = await dnOf(entitlement.id)
      for (const { id } of accounts) await addMember(group, await dnOf(id))
    },
    removeAccount: async ({ id }) => admin.del(await dnOf(id)),
    removeEntitlement: async ({ id }) => admin.del(await dnOf(id)),
    renameEntitlement: async ({ id }, name) => admin.modifyDN(await dnOf(id), `cn=${escapeDnValue(name)}`),
    async holders(entitlement) {
      const dn = await dnOf(entitlement.id)
      const { searchEntries } = await admin.search(dn, { scope: 'base', attributes: ['member'] })
      const members = [searchEntries[0]?.member ?? []].flat().map(String)
      const people = members.filter((member) => member.endsWith(peopleBase))
      return (await Promise.all(people.map(idOf))).sort()
    },
    async faulty(kind) {
      const proxy = await startProxy({ host: settings.host, port: settings.port }, isModify)
      proxies.push(proxy)
      proxy.mode = kind === 'late' ? 'hold' : kind
      return {
        settings: { ...settings, port: proxy.port },
        reached: () => proxy.reached,
        landed: () => (kind === 'late' ? proxy.release() : proxy.committed),
      }
    },
    async close() {
      for (const proxy of proxies) await proxy.close()
      await admin.unbind()
      await slapd.stop()
    },
  }
}
