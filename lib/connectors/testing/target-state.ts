import { randomUUID } from 'node:crypto'

export interface TargetAccount {
  id: string
  email: string
  name: string
  active: boolean
}

export interface TargetEntitlement {
  id: string
  name: string
  description?: string
  requestable: boolean
  reason?: string
}

/** One real change of who holds what; repeats that change nothing leave no trace here. */
export interface Effect {
  at: Date
  act: 'given' | 'taken'
  entitlement: string
  account: string
  grant?: string
}

export type Held = { state: 'direct' | 'pending' } | { state: 'indirect'; via: string }

interface Reply {
  status: number
  body: unknown
}

type Data = Record<string, unknown>

const keyOf = (entitlement: string, account: string) => JSON.stringify([entitlement, account])
const idOf = (value: unknown) => (value as { id?: string } | undefined)?.id ?? ''

/** Accounts, entitlements, and who holds what. A direct and an indirect holding exist side by side. */
export class TargetState {
  readonly accounts = new Map<string, TargetAccount>()
  readonly entitlements = new Map<string, TargetEntitlement>()
  readonly effects: Effect[] = []
  pageSize = 100
  /** Sessions per account id, ended by `sessions.end`. */
  readonly sessions = new Map<string, number>()
  /** What `ping` answers. */
  ping: { ok: boolean; canWrite: boolean; identity?: string } = {
    ok: true,
    canWrite: true,
    identity: 'test target',
  }
  private readonly direct = new Map<string, Held>()
  private readonly indirect = new Map<string, Held>()
  private readonly deferred = new Map<string, { act: () => Reply; polls: number }>()

  addAccount(account: Partial<TargetAccount> & { email: string }): TargetAccount {
    const added = { id: randomUUID(), name: account.email, active: true, ...account }
    this.accounts.set(added.id, added)
    return added
  }

  addEntitlement(entitlement: Partial<TargetEntitlement> & { name: string }): TargetEntitlement {
    const added = { id: randomUUID(), requestable: true, ...entitlement }
    this.entitlements.set(added.id, added)
    return added
  }

  /** Sets a holding from outside, as another administrator would; no effect is journalled. */
  hold(entitlement: string, account: string, held: Held): void {
    const holdings = held.state === 'indirect' ? this.indirect : this.direct
    holdings.set(keyOf(entitlement, account), held)
  }

  /** Removes a direct holding from outside. */
  drop(entitlement: string, account: string): void {
    this.direct.delete(keyOf(entitlement, account))
  }

  /** The direct holders of an entitlement, by account id, sorted. */
  holders(entitlement: string): string[] {
    return [...this.direct.keys()]
      .map((key) => JSON.parse(key) as [string, string])
      .flatMap(([of, account]) => (of === entitlement ? [account] : []))
      .sort()
  }

  /** Puts a change off: a token now, the answer at a later poll. */
  defer(act: () => Reply, polls: number): { token: string; pollAfterMs: number } {
    const token = randomUUID()
    this.deferred.set(token, { act, polls })
    return { token, pollAfterMs: 1000 }
  }

  answer(type: string, data: Data): Reply {
    switch (type) {
      case 'ping':
        return { status: 200, body: this.ping }
      case 'account.resolve': {
        const { text } = data
        const email = (data.person as { email?: string } | undefined)?.email
        const accounts = [...this.accounts.values()].filter((account) =>
          email === undefined
            ? [account.id, account.name, account.email].includes(String(text))
            : account.email === email,
        )
        return { status: 200, body: { accounts } }
      }
      case 'catalogue.list': {
        const { items, next } = this.page([...this.entitlements.values()], data.cursor)
        return { status: 200, body: { entitlements: items, next } }
      }
      case 'operation.poll':
        return this.poll(String(data.token))
      case 'sessions.end': {
        const account = idOf(data.account)
        const ended = this.sessions.get(account) ?? 0
        this.sessions.delete(account)
        return { status: 200, body: { ended } }
      }
      default:
        return this.answerHolding(type, data)
    }
  }

  private answerHolding(type: string, data: Data): Reply {
    const entitlement = idOf(data.entitlement)
    if (!this.entitlements.has(entitlement)) return { status: 404, body: { error: 'entitlement_missing' } }
    if (type === 'grant.holders') return this.listHolders(entitlement, data.cursor)
    const account = idOf(data.account)
    if (!this.accounts.has(account)) return { status: 404, body: { error: 'principal_missing' } }
    const key = keyOf(entitlement, account)
    const grant = typeof data.grant === 'string' ? { grant: data.grant } : {}
    switch (type) {
      case 'grant.check':
        return { status: 200, body: this.direct.get(key) ?? this.indirect.get(key) ?? { state: 'absent' } }
      case 'grant.provision': {
        const changed = !this.direct.has(key)
        this.direct.set(key, { state: 'direct' })
        if (changed) this.effects.push({ at: new Date(), act: 'given', entitlement, account, ...grant })
        return { status: 200, body: { state: 'done', changed, ref: `membership ${key}` } }
      }
      case 'grant.revoke': {
        const changed = this.direct.delete(key)
        if (changed) this.effects.push({ at: new Date(), act: 'taken', entitlement, account, ...grant })
        return { status: 200, body: { state: 'done', changed } }
      }
      default:
        return { status: 400, body: { error: 'unknown type' } }
    }
  }

  private poll(token: string): Reply {
    const waiting = this.deferred.get(token)
    if (!waiting) return { status: 400, body: { error: 'unknown token' } }
    if (waiting.polls > 0) {
      waiting.polls -= 1
      return { status: 202, body: { token, pollAfterMs: 1000 } }
    }
    this.deferred.delete(token)
    return waiting.act()
  }

  private listHolders(entitlement: string, cursor: unknown): Reply {
    const holders = [...this.accounts.values()].flatMap((account) => {
      const key = keyOf(entitlement, account.id)
      const held = this.direct.get(key) ?? this.indirect.get(key)
      return held ? [{ account: { id: account.id, email: account.email }, ...held }] : []
    })
    const { items, next } = this.page(holders, cursor)
    return { status: 200, body: { holders: items, next } }
  }

  private page<Item>(all: Item[], cursor: unknown): { items: Item[]; next: string | null } {
    const start = typeof cursor === 'string' ? Number(cursor) : 0
    const end = start + this.pageSize
    return { items: all.slice(start, end), next: end < all.length ? String(end) : null }
  }
}
