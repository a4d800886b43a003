/** What a fake Entra knows: users, groups that nest, who is in them, and what PIM assigned. */
import { randomUUID } from 'node:crypto'
import type { Group, User } from '../entra/objects'

export interface Assignment {
  id: string
  group: string
  user: string
  action: string
  status: string
  /** The end PIM keeps, or null for none. */
  end: string | null
}

const pairOf = (group: string, user: string) => `${group}/${user}`

export class EntraState {
  readonly users = new Map<string, User>()
  readonly groups = new Map<string, Group>()
  /** Direct members of each group: users and groups. */
  readonly members = new Map<string, Set<string>>()
  /** PIM's requests by id. */
  readonly requests = new Map<string, Assignment>()
  /** What PIM has assigned at present, by group and user. */
  readonly assigned = new Map<string, Assignment>()
  /** The status PIM's next requests get; anything but an end stays open until `settle`. */
  status: string | null = null
  pageSize = 3
  /** Reads of memberships still answered from before the last change. */
  stale = 0
  private before = new Map<string, Set<string>>()

  addUser(more: Partial<User> & { userPrincipalName: string }): User {
    const user = {
      id: randomUUID(),
      displayName: more.userPrincipalName,
      mail: more.userPrincipalName,
      accountEnabled: true,
      ...more,
    }
    this.users.set(user.id, user)
    return user
  }

  addGroup(displayName: string, more: Partial<Group> = {}): Group {
    const group = {
      id: randomUUID(),
      displayName,
      description: null,
      groupTypes: [],
      securityEnabled: true,
      mailEnabled: false,
      onPremisesSyncEnabled: null,
      isAssignableToRole: null,
      visibility: null,
      ...more,
    }
    this.groups.set(group.id, group)
    this.members.set(group.id, new Set())
    return group
  }

  removeUser(id: string): void {
    this.users.delete(id)
    for (const members of this.members.values()) members.delete(id)
  }

  removeGroup(id: string): void {
    this.groups.delete(id)
    this.members.delete(id)
    for (const members of this.members.values()) members.delete(id)
  }

  add(group: string, user: string): void {
    this.keep()
    this.members.get(group)!.add(user)
  }

  take(group: string, user: string): void {
    this.keep()
    this.members.get(group)!.delete(user)
  }

  /** Copies as they were before the change, for reads that lag. */
  private keep(): void {
    this.before = new Map([...this.members].map(([id, members]) => [id, new Set(members)]))
  }

  /** The groups a user is in directly, from a copy that may lag. */
  memberOf(user: string): Group[] {
    const lags = this.stale > 0
    if (lags) this.stale -= 1
    const from = lags ? this.before : this.members
    return [...this.groups.values()].filter(({ id }) => from.get(id)?.has(user))
  }

  /** Everyone and everything in a group, at any depth. */
  transitive(group: string): Set<string> {
    const all = new Set<string>()
    for (const id of this.members.get(group) ?? []) {
      all.add(id)
      if (this.groups.has(id)) for (const below of this.transitive(id)) all.add(below)
    }
    return all
  }

  schedule(request: Omit<Assignment, 'id' | 'status'>): Assignment {
    const remove = request.action === 'adminRemove'
    const made = { ...request, id: randomUUID(), status: this.status ?? (remove ? 'Revoked' : 'Provisioned') }
    this.requests.set(made.id, made)
    if (this.status === null) this.carryOut(made)
    return made
  }

  /** Carries out what is still open. */
  settle(): void {
    for (const request of this.requests.values()) {
      if (['Provisioned', 'Revoked'].includes(request.status)) continue
      request.status = request.action === 'adminRemove' ? 'Revoked' : 'Provisioned'
      this.carryOut(request)
    }
  }

  assignmentOf(group: string, user: string): Assignment | undefined {
    return this.assigned.get(pairOf(group, user))
  }

  private carryOut(request: Assignment): void {
    const { group, user, action } = request
    if (action === 'adminRemove') {
      this.assigned.delete(pairOf(group, user))
      this.take(group, user)
    } else {
      this.assigned.set(pairOf(group, user), request)
      this.add(group, user)
    }
  }
}
