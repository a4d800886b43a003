import { ENTERPRISE, GROUP, type Json, USER } from './attributes'
import { MOST_RESULTS } from './resource'

/** What this server can do. Source: RFC 7643, section 5. */
export function serviceProviderConfig(base: string): Json {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: MOST_RESULTS },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: true },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token that an admin of Leasehold makes for this client.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  }
}

/** The kinds of resources, described in the standard's words. Source: RFC 7643, sections 6 and 8.6. */
export function resourceTypes(base: string): Json[] {
  const type = (name: string, endpoint: string, schema: string, extensions: Json[]) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: name,
    name,
    endpoint,
    description: name === 'User' ? 'User Account' : 'Group',
    schema,
    schemaExtensions: extensions,
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${name}` },
  })
  return [
    type('User', '/Users', USER, [{ schema: ENTERPRISE, required: false }]),
    type('Group', '/Groups', GROUP, []),
  ]
}

interface Attribute {
  readonly name: string
  readonly type: string
  readonly multiValued: boolean
  readonly description: string
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: string
  readonly returned: string
  readonly uniqueness: string
  readonly [more: string]: unknown
}

function attribute(name: string, description: string, more: Json = {}): Attribute {
  return {
    name,
    type: 'string',
    multiValued: false,
    description,
    required: false,
    caseExact: false,
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...more,
  }
}

const complex = (name: string, description: string, parts: Attribute[], more: Json = {}) =>
  attribute(name, description, { type: 'complex', subAttributes: parts, ...more })
const reference = (types: string[]) =>
  attribute('$ref', 'Where it is', {
    type: 'reference',
    referenceTypes: types,
    mutability: 'readOnly',
    caseExact: true,
  })

/** The attributes that are kept here; whatever else a client sends is left out. Source: RFC 7643, sections 7, 8.7.1. */
export function schemas(base: string): Json[] {
  const schema = (id: string, name: string, description: string, attributes: Attribute[]) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description,
    attributes,
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${id}` },
  })
  return [
    schema(USER, 'User', 'User Account', [
      attribute('userName', 'What this client calls the person; unique', {
        required: true,
        uniqueness: 'server',
      }),
      complex('name', 'The person’s name', [
        attribute('formatted', 'The whole name'),
        attribute('givenName', 'The given name'),
        attribute('familyName', 'The family name'),
      ]),
      attribute('displayName', 'The name that is shown'),
      attribute('title', 'What they do'),
      attribute('timezone', 'An IANA name, such as Europe/Berlin', { caseExact: true }),
      attribute('locale', 'A language tag, such as en-US'),
      attribute('active', 'Whether they may sign in and hold access; false takes all of it', {
        type: 'boolean',
      }),
      complex(
        'emails',
        'Their address; one is kept, the primary one',
        [
          attribute('value', 'The address; unique', { uniqueness: 'server' }),
          attribute('type', 'Always work', { canonicalValues: ['work'] }),
          attribute('primary', 'Always true', { type: 'boolean' }),
        ],
        { multiValued: true },
      ),
    ]),
    schema(GROUP, 'Group', 'Group', [
      attribute('displayName', 'Its name; unique', { required: true, uniqueness: 'server' }),
      complex(
        'members',
        'Who is in it',
        [
          attribute('value', 'The id of a user or a group', { mutability: 'immutable', caseExact: true }),
          attribute('display', 'Its name', { mutability: 'readOnly' }),
          attribute('type', 'Which of the two', {
            mutability: 'immutable',
            canonicalValues: ['User', 'Group'],
          }),
          reference(['User', 'Group']),
        ],
        { multiValued: true },
      ),
    ]),
    schema(ENTERPRISE, 'EnterpriseUser', 'Enterprise User', [
      attribute('department', 'Shown as the team'),
      complex('manager', 'Who agrees to what they ask for, where a policy says “manager”', [
        attribute('value', 'The id of a user', { caseExact: true }),
        attribute('displayName', 'Their name', { mutability: 'readOnly' }),
        reference(['User']),
      ]),
    ]),
  ]
}
