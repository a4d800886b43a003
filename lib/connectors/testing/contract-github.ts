/**
 * Written by hand after https://docs.github.com/rest and /graphql, for what GitHub's published description beside this
 * checkout leaves out. Not the vendor's own words: it holds our requests to what we read there, no more.
 */
const user = {
  type: 'object',
  required: ['id', 'login', 'type'],
  properties: { id: { type: 'integer' }, login: { type: 'string' }, type: { type: 'string' } },
}
const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const page = [
  { name: 'per_page', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 100 } },
  { name: 'page', in: 'query', schema: { type: 'integer' } },
]
const groups = {
  type: 'object',
  required: ['groups'],
  properties: { groups: { type: 'array', items: { type: 'object', required: ['group_id', 'group_name'] } } },
}

export const handWrittenGithub = {
  paths: {
    '/user': { get: { responses: { 200: json(user) } } },
    '/user/{account_id}': { get: { responses: { 200: json(user), 404: {} } } },
    '/users/{username}': { get: { responses: { 200: json(user), 404: {} } } },
    '/orgs/{org}': {
      get: {
        responses: {
          200: json({
            type: 'object',
            required: ['id', 'login'],
            properties: { id: { type: 'integer' }, login: { type: 'string' } },
          }),
          404: {},
        },
      },
    },
    '/orgs/{org}/teams/{team_slug}/teams': {
      get: {
        parameters: page,
        responses: { 200: json({ type: 'array', items: { type: 'object', required: ['id', 'name'] } }) },
      },
    },
    '/orgs/{org}/teams/{team_slug}/team-sync/group-mappings': { get: { responses: { 200: json(groups) } } },
    '/orgs/{org}/teams/{team_slug}/external-groups': { get: { responses: { 200: json(groups) } } },
    '/orgs/{org}/invitations/{invitation_id}': { delete: { responses: { 204: {}, 404: {}, 422: {} } } },
    '/app/installations/{installation_id}': {
      get: {
        responses: {
          200: json({
            type: 'object',
            required: ['id', 'account', 'app_slug', 'permissions', 'suspended_at'],
          }),
          404: {},
        },
      },
    },
    '/graphql': {
      post: {
        requestBody: {
          required: true,
          ...json({
            type: 'object',
            additionalProperties: false,
            required: ['query', 'variables'],
            properties: {
              query: {
                type: 'string',
                pattern: '^query\\(\\$team: ID!, \\$membership: TeamMembershipType!, \\$after: String\\) \\{',
              },
              variables: {
                type: 'object',
                additionalProperties: false,
                required: ['team', 'membership', 'after'],
                properties: {
                  team: { type: 'string' },
                  membership: { enum: ['ALL', 'CHILD_TEAM', 'IMMEDIATE'] },
                  after: { type: 'string', nullable: true },
                },
              },
            },
          }),
        },
        responses: { 200: json({ type: 'object', properties: { data: { type: 'object' } } }) },
      },
    },
  },
}
