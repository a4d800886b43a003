import 'server-only'
import { getConnector } from '@/lib/connectors/registry'
import { LEAST_SLACK, slackSeconds } from '@/lib/domain/duration'
import type { TargetFacts } from '@/lib/domain/grant'
import type { ConnectionRow } from './changes'

/** What the machines need to know of the system behind an application, whether a connector or people. */
export function targetFacts(
  connection: Pick<ConnectionRow, 'connector' | 'config'> | null,
  application: { taskSeconds: number },
  grant: { firstGiveAt: Date | null; startBy: Date },
  now: Date,
): TargetFacts {
  if (!connection) {
    const from = grant.firstGiveAt ?? now
    // A task may be done at any time until start-by, so until then the end it is armed with may not come.
    const slack = Math.max(LEAST_SLACK, Math.ceil((grant.startBy.getTime() - from.getTime()) / 1000))
    return {
      slackSeconds: slack,
      settleSeconds: 0,
      effectDelaySeconds: 0,
      taskSeconds: application.taskSeconds,
    }
  }
  const connector = getConnector(connection.connector)
  const delay = Math.ceil(connector.capabilities(connection.config).effectDelay / 1000)
  return {
    slackSeconds: slackSeconds(delay),
    settleSeconds: Math.ceil(connector.limits.callTimeoutMs / 1000) + delay,
    effectDelaySeconds: delay,
    taskSeconds: null,
  }
}
