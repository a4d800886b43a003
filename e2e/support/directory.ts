import { Client } from 'ldapts'
import {
  administrator,
  groupsBase,
  operator,
  peopleBase,
  startSlapd,
  suffix,
} from '../../scripts/lib/slapd.mjs'
import { emailOf, loginOf } from '../../scripts/seed/people.mjs'

type Slapd = Awaited<ReturnType<typeof startSlapd>>

/** An LDAP directory of a story's own, looked at from outside of the product. */
export class Directory {
  readonly settings = { operator, peopleBase, groupsBase }

  private constructor(private readonly slapd: Slapd) {}

  /** Starts it with an entry for everybody named, and a group that one of them is in for good. */
  static async start(people: string[], group: string, standing: string): Promise<Directory> {
    const directory = new Directory(await startSlapd())
    await directory.#asAdministrator(async (admin) => {
      await admin.add(suffix, { objectClass: ['dcObject', 'organization'], dc: 'halden', o: 'Halden' })
      for (const ou of ['people', 'groups', 'services'])
        await admin.add(`ou=${ou},${suffix}`, { objectClass: 'organizationalUnit', ou })
      await admin.add(operator.dn, {
        objectClass: ['organizationalRole', 'simpleSecurityObject'],
        cn: 'leasehold',
        userPassword: operator.password,
      })
      for (const who of people) {
        const uid = loginOf(who)
        const names = { uid, cn: uid, sn: uid, mail: emailOf(who) }
        await admin.add(nameOf(who), { objectClass: 'inetOrgPerson', ...names })
      }
      await admin.add(`cn=${group},${groupsBase}`, {
        objectClass: 'groupOfNames',
        cn: group,
        description: 'May page the payments service.',
        member: nameOf(standing),
      })
    })
    return directory
  }

  get port(): number {
    return this.slapd.port
  }

  /** The logins a group names, sorted. */
  members(group: string): Promise<string[]> {
    return this.#asAdministrator(async (admin) => {
      const dn = `cn=${group},${groupsBase}`
      const { searchEntries } = await admin.search(dn, { scope: 'base', attributes: ['member'] })
      const names = [searchEntries[0]?.member ?? []].flat().map(String)
      return names.map((name) => name.replace(/^uid=([^,]+),.*$/, '$1')).sort()
    })
  }

  /** The power goes. */
  kill(): Promise<void> {
    return this.slapd.kill()
  }

  /** And is back, on the same port with the same data. */
  revive(): Promise<void> {
    return this.slapd.start()
  }

  close(): Promise<void> {
    return this.slapd.stop()
  }

  async #asAdministrator<Result>(work: (admin: Client) => Promise<Result>): Promise<Result> {
    const admin = new Client({ url: `ldap://127.0.0.1:${this.slapd.port}` })
    try {
      await admin.bind(administrator.dn, administrator.password)
      return await work(admin)
    } finally {
      await admin.unbind()
    }
  }
}

const nameOf = (who: string) => `uid=${loginOf(who)},${peopleBase}`
