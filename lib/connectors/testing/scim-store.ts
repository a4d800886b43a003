import { randomUUID } from 'node:crypto'

export interface StoredUser {
  id: string
  userName: string
  displayName: string
  active: boolean
  emails: { value: string; primary?: boolean }[]
}

export interface StoredMember {
  value: string
  type?: 'User' | 'Group'
  display?: string
}

export interface StoredGroup {
  id: string
  displayName: string
  externalId?: string
  members: StoredMember[]
  /** An entity tag that changes with every change. */
  version: string
}

interface Filter {
  match: (values: object[]) => object[]
}

/** Users, groups and who is in them. */
export class ScimStore {
  readonly users = new Map<string, StoredUser>()
  readonly groups = new Map<string, StoredGroup>()
  /** Whether users say which groups they are in. */
  tellsGroups = true
  /** Whether groups say who is in them. */
  tellsMembers = true
  private readonly repeats: boolean
  private changes = 0

  constructor({ repeats = false } = {}) {
    this.repeats = repeats
  }

  addUser(user: Partial<StoredUser> & { userName: string }): StoredUser {
    const added: StoredUser = {
      id: randomUUID(),
      displayName: user.userName,
      active: true,
      emails: [{ value: `${user.userName}@example.com`, primary: true }],
      ...user,
    }
    this.users.set(added.id, added)
    return added
  }

  addGroup(group: Partial<StoredGroup> & { displayName: string }): StoredGroup {
    const added: StoredGroup = { id: randomUUID(), members: [], version: this.nextVersion(), ...group }
    this.groups.set(added.id, added)
    return added
  }

  /** Adds a member from outside, as another administrator would. */
  join(groupId: string, value: string, type: StoredMember['type'] = 'User'): void {
    const group = this.groups.get(groupId)!
    this.replace(group, { ...group, members: [...group.members, { value, type }] })
  }

  /** Removes a member from outside. */
  leave(groupId: string, value: string): void {
    const group = this.groups.get(groupId)!
    this.replace(group, { ...group, members: group.members.filter((one) => one.value !== value) })
  }

  /** A deleted user leaves every group. */
  removeUser(id: string): void {
    this.users.delete(id)
    for (const group of this.groups.values()) this.leave(group.id, id)
  }

  /** What a change makes of a group. */
  replace(group: StoredGroup, next: Pick<StoredGroup, 'displayName'> & Partial<StoredGroup>): void {
    const members = (next.members ?? []).map(({ value }) => ({
      value,
      type: this.groups.has(value) ? ('Group' as const) : ('User' as const),
      display: this.users.get(value)?.displayName ?? this.groups.get(value)?.displayName,
    }))
    const once = members.filter((one, at) => members.findIndex((other) => other.value === one.value) === at)
    group.displayName = next.displayName
    group.externalId = next.externalId
    group.members = this.repeats ? members : once
    group.version = this.nextVersion()
  }

  /** Direct members, as the store knows them: user ids, sorted, each once. */
  holders(groupId: string): string[] {
    const members = this.groups.get(groupId)?.members ?? []
    const people = members.filter((one) => one.type !== 'Group').map((one) => one.value)
    return [...new Set(people)].sort()
  }

  user(id: string): (StoredUser & { groups?: object[] }) | undefined {
    const user = this.users.get(id)
    return user && this.tellsGroups ? { ...user, groups: this.groupsOf(id) } : user
  }

  group(id: string): object | undefined {
    const group = this.groups.get(id)
    if (!group) return undefined
    const { version: _version, members, ...rest } = group
    return this.tellsMembers ? { ...rest, members } : rest
  }

  allUsers(): object[] {
    return [...this.users.keys()].map((id) => this.user(id)!)
  }

  /** Filters see members also where answers do not show them. */
  matchingGroups(filter: Filter | undefined): object[] {
    return this.matching([...this.groups.values()], filter).map(({ id }) => this.group(id)!)
  }

  matching<Item extends object>(items: Item[], filter: Filter | undefined): Item[] {
    return filter ? (filter.match(items) as Item[]) : items
  }

  private groupsOf(id: string): { value: string; display: string; type: 'direct' | 'indirect' }[] {
    const direct = [...this.groups.values()].filter((group) => group.members.some((one) => one.value === id))
    const found = new Map(direct.map((group) => [group.id, 'direct' as const]))
    const all = new Map<string, 'direct' | 'indirect'>(found)
    for (const groupId of all.keys())
      for (const outer of this.groups.values())
        if (!all.has(outer.id) && outer.members.some((one) => one.value === groupId))
          all.set(outer.id, 'indirect')
    return [...all].map(([value, type]) => ({ value, display: this.groups.get(value)!.displayName, type }))
  }

  private nextVersion(): string {
    this.changes += 1
    return `W/"${this.changes}"`
  }
}
