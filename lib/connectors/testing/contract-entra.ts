/**
 * Written by hand after https://learn.microsoft.com/graph/api (v1.0): Microsoft publishes Graph's description only as
 * one of tens of megabytes. Not the vendor's own words: it holds our requests to what we read there, no more.
 */
const text = { type: 'string' }
const guid = { type: 'string', pattern: '^[0-9a-f-]{36}$' }
const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const listOf = (item: object) =>
  json({
    type: 'object',
    required: ['value'],
    properties: { value: { type: 'array', items: item }, '@odata.nextLink': text },
  })
const query = (...names: string[]) => names.map((name) => ({ name: `$${name}`, in: 'query', schema: text }))
const body = (schema: object) => ({
  requestBody: { required: true, ...json({ type: 'object', additionalProperties: false, ...schema }) },
})
const one = { type: 'object', required: ['id'], properties: { id: guid } }
const page = query('select', 'top', 'skiptoken')

const groupIds = body({
  required: ['groupIds'],
  properties: { groupIds: { type: 'array', items: guid, maxItems: 20 } },
})
const strings = json({
  type: 'object',
  required: ['value'],
  properties: { value: { type: 'array', items: text } },
})
const scheduled = json({
  type: 'object',
  required: ['id', 'status', 'action'],
  properties: { id: text, status: text, action: text },
})

export const handWrittenGraph = {
  paths: {
    '/groups': {
      get: { parameters: query('select', 'top', 'skiptoken', 'filter'), responses: { 200: listOf(one) } },
    },
    '/groups/{group}': { get: { parameters: query('select'), responses: { 200: json(one) } } },
    '/groups/{group}/members': { get: { parameters: page, responses: { 200: listOf(one) } } },
    '/groups/{group}/transitiveMembers': { get: { parameters: page, responses: { 200: listOf(one) } } },
    '/groups/{group}/members/$ref': {
      post: {
        ...body({
          required: ['@odata.id'],
          properties: { '@odata.id': { type: 'string', pattern: '/directoryObjects/[0-9a-f-]{36}$' } },
        }),
        responses: { 204: {}, 400: {}, 404: {} },
      },
    },
    '/groups/{group}/members/{user}/$ref': { delete: { responses: { 204: {}, 400: {}, 404: {} } } },
    // What Graph makes of the same address without its end: it deletes the person.
    '/groups/{group}/members/{user}': { delete: { responses: { 204: {} } } },
    '/users': {
      get: { parameters: query('select', 'top', 'skiptoken', 'filter'), responses: { 200: listOf(one) } },
    },
    '/users/{user}': { get: { parameters: query('select'), responses: { 200: json(one) } } },
    '/users/{user}/memberOf': { get: { parameters: page, responses: { 200: listOf(one) } } },
    '/users/{user}/checkMemberGroups': { post: { ...groupIds, responses: { 200: strings } } },
    '/users/{user}/revokeSignInSessions': {
      post: {
        responses: {
          200: json({ type: 'object', required: ['value'], properties: { value: { type: 'boolean' } } }),
        },
      },
    },
    '/applications': { get: { parameters: query('select', 'filter'), responses: { 200: listOf(one) } } },
    '/identityGovernance/privilegedAccess/group/assignmentScheduleRequests': {
      post: {
        ...body({
          required: ['accessId', 'action', 'groupId', 'principalId'],
          properties: {
            accessId: { enum: ['member', 'owner'] },
            action: { enum: ['adminAssign', 'adminUpdate', 'adminRemove', 'adminExtend', 'adminRenew'] },
            groupId: guid,
            principalId: guid,
            justification: text,
            scheduleInfo: {
              type: 'object',
              additionalProperties: false,
              required: ['startDateTime', 'expiration'],
              properties: {
                startDateTime: text,
                expiration: {
                  type: 'object',
                  additionalProperties: false,
                  required: ['type'],
                  properties: {
                    type: { enum: ['noExpiration', 'afterDateTime', 'afterDuration'] },
                    endDateTime: text,
                    duration: text,
                  },
                },
              },
            },
          },
        }),
        responses: { 201: scheduled, 400: {}, 404: {} },
      },
    },
    '/identityGovernance/privilegedAccess/group/assignmentScheduleRequests/{request}': {
      get: { responses: { 200: scheduled } },
    },
  },
}
