import 'server-only'
import { z } from 'zod'

/** No user name, password, query or fragment; the slash at the end goes. */
function isPlainAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return (
    url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !/[?#]/.test(text)
  )
}

const address = (what: string) =>
  z
    .string({ error: `Enter ${what}.` })
    .trim()
    .max(2000, 'The address is too long.')
    .refine(isPlainAddress, 'Enter an https address without a user name, password, ? or #.')

const secret = (what: string) => z.string().trim().max(8000, `The ${what} is too long.`).optional()

export const removalDialects = ['path-filter', 'value-list', 'replace-all'] as const
export type RemovalDialect = (typeof removalDialects)[number]

const token = { field: 'auth', is: ['bearer-token'], required: true }
const oauth = { field: 'auth', is: ['oauth-client'] }

const fields = z.object({
  baseUrl: address('the address of the SCIM server')
    .transform((url) => url.replace(/\/+$/, ''))
    .meta({
      label: 'Base address',
      help: 'What stands before /Users and /Groups.',
      placeholder: 'https://app.example.com/scim/v2',
      target: true,
      group: 'Server',
    }),
  auth: z.enum(['bearer-token', 'oauth-client']).default('bearer-token').meta({
    label: 'Sign in with',
    help: 'A token that the application made for SCIM, or an OAuth client whose tokens last minutes.',
    group: 'Credential',
  }),
  token: secret('token').meta({ label: 'Bearer token', secret: true, when: token, group: 'Credential' }),
  tokenUrl: z
    .union([z.literal(''), address('the address of the token endpoint')])
    .optional()
    .meta({
      label: 'Token endpoint',
      placeholder: 'https://login.example.com/oauth2/token',
      when: { ...oauth, required: true },
      group: 'Credential',
    }),
  clientId: z
    .string()
    .trim()
    .max(500, 'The client id is too long.')
    .optional()
    .meta({ label: 'Client id', when: { ...oauth, required: true }, group: 'Credential' }),
  clientSecret: secret('client secret').meta({
    label: 'Client secret',
    secret: true,
    when: { ...oauth, required: true },
    group: 'Credential',
  }),
  scope: z.string().trim().max(1000, 'The scope is too long.').optional().meta({
    label: 'Scope',
    help: 'Separated by spaces; empty where the endpoint wants none.',
    when: oauth,
    group: 'Credential',
  }),
  secretIn: z.enum(['body', 'basic']).default('body').meta({
    label: 'Secret is sent in the',
    help: 'body of the request (client_secret_post) or basic, its Authorization header (client_secret_basic).',
    when: oauth,
    group: 'Credential',
  }),
  matchBy: z.enum(['userName', 'emails.value']).default('userName').meta({
    label: 'Find people by',
    help: 'The attribute of a user that holds the e-mail address a person has here.',
    group: 'People and groups',
  }),
  provisioned: z.boolean({ error: 'Choose whether such groups can be leased.' }).default(false).meta({
    label: 'Lease groups that another system provisions',
    help: 'Groups with an externalId were made by a provisioning client, such as your identity provider’s, and it may undo what is done to them here. Switch on only where it leaves their members alone.',
    group: 'People and groups',
  }),
  removal: z.enum(removalDialects).default('path-filter').meta({
    label: 'How members are removed',
    help: 'path-filter: PATCH with members[value eq "id"], the standard. value-list: PATCH with the member in a list, for servers that want it so. replace-all: PUT of the whole group, for servers without PATCH; adds are then made so too.',
    group: 'Behaviour',
  }),
  effectDelaySeconds: z.coerce
    .number({ error: 'Enter a number of seconds.' })
    .int('Enter whole seconds.')
    .min(0, 'Enter 0 or more seconds.')
    .max(3600, 'At most 3,600 seconds.')
    .default(0)
    .meta({
      label: 'Effect delay (seconds)',
      help: 'How long a change may take to show up after the server has answered it.',
      group: 'Behaviour',
    }),
  pageSize: z.coerce
    .number({ error: 'Enter a number.' })
    .int('Enter a whole number.')
    .min(1, 'At least 1.')
    .max(1000, 'At most 1,000.')
    .default(100)
    .meta({
      label: 'Page size',
      help: 'How many users or groups are asked for at a time; a server may send fewer.',
      group: 'Behaviour',
    }),
})

/** What the chosen way to sign in needs, at the field that lacks it. */
export const scimConfigSchema = fields.superRefine((config, context) => {
  const needed =
    config.auth === 'bearer-token'
      ? { token: 'Enter the token.' }
      : {
          tokenUrl: 'Enter the address of the token endpoint.',
          clientId: 'Enter the client id.',
          clientSecret: 'Enter the client secret.',
        }
  for (const [name, message] of Object.entries(needed))
    if (!config[name as keyof typeof config]) context.addIssue({ code: 'custom', path: [name], message })
})

export type ScimConfig = z.infer<typeof scimConfigSchema>
