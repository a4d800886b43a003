/** Members of a team as GraphQL tells them: REST has no way to leave the members of child teams out. */
import 'server-only'
import { ConnectorError } from '../contract'
import { graphql } from './api'
import type { Ctx } from './config'
import type { Team } from './ids'

export const membersQuery = `query($team: ID!, $membership: TeamMembershipType!, $after: String) {
  node(id: $team) {
    ... on Team {
      databaseId
      members(first: 100, after: $after, membership: $membership) {
        edges { role node { databaseId login } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`

interface Answer {
  node: {
    databaseId: number
    members: {
      edges: { role: string; node: { databaseId: number; login: string } }[]
      pageInfo: { hasNextPage: boolean; endCursor: string | null }
    }
  } | null
}

export interface Member {
  id: number
  login: string
  maintainer: boolean
}

/** One page: the team's own members, or those of its child teams. */
export async function membersOf(
  ctx: Ctx,
  team: Team,
  membership: 'IMMEDIATE' | 'CHILD_TEAM',
  after: string | null,
): Promise<{ members: Member[]; next: string | null }> {
  const { node } = await graphql<Answer>(ctx, membersQuery, { team: team.node_id, membership, after })
  if (node?.databaseId !== team.id || !node.members)
    throw new ConnectorError('retryable', 'GitHub no longer shows the team it showed a moment ago.')
  const { edges, pageInfo } = node.members
  return {
    members: edges.map((edge) => ({
      id: edge.node.databaseId,
      login: edge.node.login,
      maintainer: edge.role === 'MAINTAINER',
    })),
    next: pageInfo.hasNextPage ? pageInfo.endCursor : null,
  }
}
