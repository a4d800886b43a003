/**
 * The signed webhook: any system behind one https address that speaks the protocol in
 * `webhook/protocol.ts`, signed as Standard Webhooks (https://www.standardwebhooks.com).
 */
import 'server-only'
import {
  type ChangeArgs,
  type ChangeResult,
  type ConnectionTest,
  type Connector,
  type ConnectorAccount,
  type ConnectorContext,
  ConnectorError,
  type GrantArgs,
} from './contract'
import { clampPause } from './retry-after'
import { type WebhookConfig, webhookConfigSchema } from './webhook/config'
import {
  catalogueAnswer,
  doneAnswer,
  holdersAnswer,
  holdingAnswer,
  type MessageType,
  pendingAnswer,
  pingAnswer,
  resolveAnswer,
  sessionsAnswer,
} from './webhook/protocol'
import { read, send } from './webhook/send'

type Ctx = ConnectorContext<WebhookConfig>

/** The part of a message that says whom and what it is about. */
const subject = ({ grantId, entitlement, account }: Omit<ChangeArgs, 'grantId'> & { grantId?: string }) => ({
  ...(grantId === undefined ? {} : { grant: grantId }),
  entitlement: { id: entitlement.id, name: entitlement.name },
  account: { id: account.id, email: account.email ?? null, name: account.name },
})

async function change(ctx: Ctx, type: MessageType, data: Record<string, unknown>): Promise<ChangeResult> {
  const answer = await send(ctx, type, data)
  if (answer.status === 202) {
    const { token, pollAfterMs } = read(type, pendingAnswer, answer)
    return { state: 'pending', token, pollAfterMs: clampPause(pollAfterMs) }
  }
  const { changed, ref } = read(type, doneAnswer, answer)
  return { state: 'done', changed, ...(ref ? { externalRef: ref } : {}) }
}

/** A look has no way to be "still in the works". */
async function look(ctx: Ctx, type: MessageType, data: Record<string, unknown>) {
  const answer = await send(ctx, type, data)
  if (answer.status === 200) return answer
  throw new ConnectorError('retryable', `The target answered ${type} with 202, which only changes may.`)
}

function accountOf(found: { id: string; email?: string | null; name?: string | null }): ConnectorAccount {
  return {
    id: found.id,
    name: found.name || found.email || found.id,
    ...(found.email ? { email: found.email } : {}),
  }
}

async function testConnection(ctx: Ctx): Promise<ConnectionTest> {
  const { host } = new URL(ctx.config.url)
  try {
    const ping = read('ping', pingAnswer, await look(ctx, 'ping', {}))
    return {
      ok: ping.ok && ping.canWrite,
      ...(ping.identity ? { identity: ping.identity } : {}),
      checks: [
        {
          name: 'Signed message accepted',
          ok: ping.ok,
          detail: ping.ok ? `${host} accepted our signature.` : `${host} answered, but says it is not well.`,
        },
        {
          name: 'May change access',
          ok: ping.canWrite,
          detail: ping.canWrite ? `${host} can give and take.` : `${host} says it cannot change anything.`,
        },
      ],
    }
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error
    return { ok: false, checks: [{ name: 'Signed message accepted', ok: false, detail: error.message }] }
  }
}

export const webhookConnector: Connector<WebhookConfig> = {
  id: 'webhook',
  name: 'Signed webhook',
  description: 'Asks one https address of yours to give, to take and to look, with signed messages.',
  category: 'other',
  searchWords: ['http', 'api', 'custom', 'own system', 'script'],
  configSchema: webhookConfigSchema,
  limits: { concurrency: 8, perEntitlementSerial: false, requestsPerMinute: null, callTimeoutMs: 15_000 },

  capabilities: ({ effectDelaySeconds, endsSessions, listsHolders }) => ({
    catalogSync: true,
    listHolders: listsHolders,
    check: effectDelaySeconds > 0 ? 'eventual' : 'strong',
    asyncGrant: true,
    nativeExpiry: false,
    sessionKill: endsSessions,
    replacesWholeSet: false,
    effectDelay: effectDelaySeconds * 1000,
  }),

  residue: ({ endsSessions }) =>
    endsSessions
      ? 'The receiver is asked to end running sessions with the access.'
      : 'Sessions that are already running may go on until the system itself ends them.',

  target: ({ url }) => url,

  testConnection,

  async listEntitlements(ctx, { cursor }) {
    const { entitlements, next } = read(
      'catalogue.list',
      catalogueAnswer,
      await look(ctx, 'catalogue.list', { cursor }),
    )
    const items = entitlements.map(({ id, name, description, requestable, reason }) => ({
      id,
      name,
      requestable,
      ...(description ? { description } : {}),
      ...(reason ? { reason } : {}),
    }))
    return { items, next: next ?? null }
  },

  async resolveAccount(ctx, { person }) {
    const { email, name } = person
    const answer = await look(ctx, 'account.resolve', { person: { email, name } })
    const { accounts } = read('account.resolve', resolveAnswer, answer)
    const candidates = accounts.filter((account) => account.active).map(accountOf)
    const [account, second] = candidates
    if (!account) return { kind: 'missing' }
    return second ? { kind: 'ambiguous', candidates } : { kind: 'found', account }
  },

  async findAccount(ctx, { text }) {
    const answer = await look(ctx, 'account.resolve', { text })
    const { accounts } = read('account.resolve', resolveAnswer, answer)
    return accounts.filter((account) => account.active).map(accountOf)
  },

  grant: (ctx, args: GrantArgs) =>
    change(ctx, 'grant.provision', { ...subject(args), endsAt: args.endsAt?.toISOString() ?? null }),

  revoke: (ctx, args) => change(ctx, 'grant.revoke', subject(args)),

  poll: (ctx, { token, grantId }) =>
    change(ctx, 'operation.poll', { token, ...(grantId === undefined ? {} : { grant: grantId }) }),

  async endSessions(ctx, args) {
    const answer = await send(ctx, 'sessions.end', subject(args))
    return { ended: read('sessions.end', sessionsAnswer, answer).ended }
  },

  async check(ctx, args) {
    const { state, via } = read('grant.check', holdingAnswer, await look(ctx, 'grant.check', subject(args)))
    return { state, ...(via ? { via } : {}) }
  },

  async listHolders(ctx, { entitlement, cursor }) {
    const { id, name } = entitlement
    const answer = await look(ctx, 'grant.holders', { entitlement: { id, name }, cursor })
    const { holders, next } = read('grant.holders', holdersAnswer, answer)
    const items = holders.map(({ account, state, via }) => ({
      account: accountOf(account),
      state,
      ...(via ? { via } : {}),
    }))
    return { items, next: next ?? null }
  },
}
