/** What a fake GitHub knows: users, teams that nest, who is in them, and who is invited. */
export interface FakeUser {
  id: number
  login: string
  /** Hidden from everybody as spam, though still in their teams. */
  hidden?: boolean
}

export interface FakeTeam {
  id: number
  name: string
  slug: string
  description: string | null
  parent: number | null
  type: 'organization' | 'enterprise'
  /** Group of the identity provider it is synced from. */
  synced?: string
  /** Direct members by user id. */
  members: Map<number, 'member' | 'maintainer'>
  invited: Set<number>
}

export interface FakeInvitation {
  id: number
  user: number
  inviter: string
}

const slugOf = (name: string, id: number) =>
  `${name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')}-${id}`

export class GithubState {
  readonly organisation = { id: 7001, login: 'northwind' }
  readonly users = new Map<number, FakeUser>()
  readonly teams = new Map<number, FakeTeam>()
  /** Roles in the organisation by user id; whoever is absent is a stranger. */
  readonly people = new Map<number, 'admin' | 'member'>()
  readonly invitations = new Map<number, FakeInvitation>()
  pageSize = 3
  private serial = 100

  addUser(login: string, role: 'admin' | 'member' | null = 'member'): FakeUser {
    const user = { id: ++this.serial, login }
    this.users.set(user.id, user)
    if (role) this.people.set(user.id, role)
    return user
  }

  addTeam(name: string, more: Partial<FakeTeam> = {}): FakeTeam {
    const id = ++this.serial
    const team: FakeTeam = {
      id,
      name,
      slug: slugOf(name, id),
      description: null,
      parent: null,
      type: 'organization',
      members: new Map(),
      invited: new Set(),
      ...more,
    }
    this.teams.set(id, team)
    return team
  }

  rename(team: number, name: string): void {
    const found = this.teams.get(team)!
    found.name = name
    found.slug = slugOf(name, team)
  }

  removeUser(id: number): void {
    this.users.delete(id)
    this.people.delete(id)
    for (const team of this.teams.values()) {
      team.members.delete(id)
      team.invited.delete(id)
    }
  }

  byLogin(login: string): FakeUser | undefined {
    return [...this.users.values()].find((user) => user.login.toLowerCase() === login.toLowerCase())
  }

  children(team: number): FakeTeam[] {
    return [...this.teams.values()].filter((one) => one.parent === team)
  }

  /** Everyone in a team or anywhere below it, with the role GitHub shows. */
  effective(team: FakeTeam): Map<number, 'member' | 'maintainer'> {
    const all = new Map<number, 'member' | 'maintainer'>()
    for (const child of this.children(team.id))
      for (const [id] of this.effective(child)) all.set(id, 'member')
    for (const [id, role] of team.members) all.set(id, role)
    for (const id of all.keys()) if (this.people.get(id) === 'admin') all.set(id, 'maintainer')
    return all
  }

  /** Puts somebody into a team, or invites whoever is not in the organisation. */
  put(team: FakeTeam, user: FakeUser, role: 'member' | 'maintainer', inviter: string) {
    if (this.people.has(user.id)) {
      team.members.set(user.id, role)
      return { state: 'active' as const, role: this.effective(team).get(user.id)! }
    }
    team.invited.add(user.id)
    if (![...this.invitations.values()].some((one) => one.user === user.id)) {
      const id = ++this.serial
      this.invitations.set(id, { id, user: user.id, inviter })
    }
    return { state: 'pending' as const, role }
  }

  /** The person says yes: a member of the organisation and of every team they were invited to. */
  accept(user: number): void {
    this.people.set(user, 'member')
    for (const [id, invitation] of this.invitations) if (invitation.user === user) this.invitations.delete(id)
    for (const team of this.teams.values()) if (team.invited.delete(user)) team.members.set(user, 'member')
  }

  /** A fresh id, never used before. */
  next(): number {
    return ++this.serial
  }
}
