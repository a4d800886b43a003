import { randomBytes } from 'node:crypto'
import { Attribute, Change, Client, EqualityFilter } from 'ldapts'
import { loopbackPort } from '../../../scripts/lib/ports.mjs'
import type { ConnectorAccount, ConnectorEntitlement } from '../contract'
import { ldapConnector } from '../ldap'
import type { LdapConfig } from '../ldap/config'
import { escapeDnValue } from '../ldap/dn'
import { guidBytes, guidText } from '../ldap/entries'
import { type CommitProxy, startProxy } from './proxy'
import { administrator, domain, groupsOu, operator, peopleOu, type Samba, startSamba } from './samba'
import type { World } from './world'
import { isModify } from './world-ldap'

export interface SambaWorld extends World {
  settings: LdapConfig
  samba: Samba
  /** The administrator's connection to the same server. */
  admin: Client
  dnOf: (id: string) => Promise<string>
  idOf: (dn: string) => Promise<string>
}

/** A world on a Samba domain controller of its own. */
export async function sambaWorld(): Promise<SambaWorld> {
  const samba = await startSamba()
  const admin = new Client({ url: `ldap://127.0.0.1:${samba.port}` })
  await admin.bind(administrator.dn, administrator.password)
  const wrong = `wrong+${randomBytes(9).toString('hex')}`
  const proxies: CommitProxy[] = []
  let serial = 0
  const fresh = (kind: string) => `${kind}-${++serial}`

  const settings: LdapConfig = {
    host: '127.0.0.1',
    port: samba.port,
    encryption: 'none',
    dialect: 'active-directory',
    bindDn: operator.dn,
    password: operator.password,
    peopleBase: peopleOu,
    groupsBase: domain,
    mailAttribute: 'mail',
    memberAttribute: 'member',
  }

  const idOf = async (dn: string) => {
    const guid = ['objectGUID']
    const { searchEntries } = await admin.search(dn, {
      scope: 'base',
      attributes: guid,
      explicitBufferAttributes: guid,
    })
    return guidText(searchEntries[0]?.objectGUID as Buffer)
  }
  const dnOf = async (id: string) => {
    const filter = new EqualityFilter({ attribute: 'objectGUID', value: guidBytes(id) })
    const { searchEntries } = await admin.search(domain, { filter, attributes: ['cn'] })
    return String(searchEntries[0]?.dn)
  }
  const addEntitlement = async (name = fresh('group')): Promise<ConnectorEntitlement> => {
    const dn = `CN=${escapeDnValue(name)},${groupsOu}`
    await admin.add(dn, { objectClass: 'group' })
    return { id: await idOf(dn), name }
  }
  const addAccount = async (cn: string, login: string, mail: string): Promise<ConnectorAccount> => {
    const dn = `CN=${escapeDnValue(cn)},${peopleOu}`
    // An ordinary account without a password that needs none: 512 + 32.
    await admin.add(dn, { objectClass: 'user', sAMAccountName: login, mail, userAccountControl: '544' })
    return { id: await idOf(dn), name: login }
  }
  const addMember = async (group: string, member: string) => {
    const modification = new Attribute({ type: 'member', values: [member] })
    await admin.modify(group, new Change({ operation: 'add', modification }))
  }

  return {
    against: 'a real server: Samba as an Active Directory domain controller',
    connector: ldapConnector as unknown as World['connector'],
    samba,
    admin,
    settings,
    // Samba does not tell who one is (RFC 4532), so it is who we said.
    identity: operator.dn,
    wrongCredential: { ...settings, password: wrong },
    unreachable: { ...settings, port: await loopbackPort(0) },
    canaries: [operator.password, wrong, Buffer.from(operator.password).toString('base64')],
    morePerPage: 501,
    dnOf,
    idOf,
    addEntitlement,
    addUnmanaged: async () => ({
      id: await idOf(`CN=Domain Admins,CN=Users,${domain}`),
      name: 'Domain Admins',
    }),
    async addPerson({ awkward } = {}) {
      const login = fresh('person')
      const cn = awkward ? `#zoë, "o'neil" + <x>=(*)\\; y${serial}` : login
      const email = awkward ? `zoe+(*)\\|&!${serial}@example.com` : `${login}@example.com`
      return { person: { email, name: login }, account: await addAccount(cn, login, email) }
    },
    async addTwins() {
      const email = `${fresh('twin')}@example.com`
      for (const login of [fresh('first'), fresh('second')]) await addAccount(login, login, email)
      return { email, name: 'Twin' }
    },
    async holdIndirectly(entitlement, account) {
      const between = await addEntitlement(fresh('between'))
      await addMember(await dnOf(between.id), await dnOf(account.id))
      await addMember(await dnOf(entitlement.id), await dnOf(between.id))
      return between.name
    },
    async holdDirectly(entitlement, accounts) {
      const group = await dnOf(entitlement.id)
      for (const { id } of accounts) await addMember(group, await dnOf(id))
    },
    removeAccount: async ({ id }) => admin.del(await dnOf(id)),
    removeEntitlement: async ({ id }) => admin.del(await dnOf(id)),
    renameEntitlement: async ({ id }, name) => admin.modifyDN(await dnOf(id), `CN=${escapeDnValue(name)}`),
    async holders(entitlement) {
      const dn = await dnOf(entitlement.id)
      const { searchEntries } = await admin.search(dn, { scope: 'base', attributes: ['member'] })
      const members = [searchEntries[0]?.member ?? []].flat().map(String)
      const people = members.filter((member) => member.endsWith(peopleOu))
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
      await samba.close()
    },
  }
}
