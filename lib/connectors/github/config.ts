import 'server-only'
import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'
import type { ConnectorContext } from '../contract'

export const PUBLIC_API = 'https://api.github.com'

function isApiAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return (
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    !url.username &&
    !url.password &&
    !url.search &&
    !url.hash
  )
}

/** GitHub hands keys out in PKCS #1; both that and PKCS #8 are read. */
export function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === 'rsa'
  } catch {
    return false
  }
}

const number = (what: string) =>
  z
    .string()
    .trim()
    .regex(/^\d{0,18}$/, `The ${what} is a number.`)
    .optional()

export const githubConfigSchema = z
  .object({
    organisation: z
      .string({ error: 'Enter the name of the organisation.' })
      .trim()
      .regex(
        /^[A-Za-z\d](?:[A-Za-z\d-]{0,98}[A-Za-z\d])?$/,
        'Enter the organisation’s name as it stands in its web address.',
      )
      .meta({
        label: 'Organisation',
        help: 'As in github.com/orgs/your-organisation.',
        placeholder: 'your-organisation',
        target: true,
      }),
    auth: z.enum(['app', 'token']).default('app').meta({
      label: 'Sign in as',
      help: 'A GitHub App of the organisation (recommended), or a personal access token of one of its owners.',
      group: 'Credential',
    }),
    appId: number('App ID').meta({
      label: 'App ID',
      help: 'On the App’s page, under About.',
      when: { field: 'auth', is: ['app'], required: true },
      group: 'Credential',
    }),
    installationId: number('installation ID').meta({
      label: 'Installation ID',
      help: 'The number at the end of the address of the installation’s page in the organisation’s settings.',
      when: { field: 'auth', is: ['app'], required: true },
      group: 'Credential',
    }),
    privateKey: z
      .string()
      .trim()
      .max(16_384, 'The key is too long.')
      .refine(
        (pem) => pem === '' || isPrivateKey(pem),
        'Paste the App’s private key in PEM form, as GitHub gave it.',
      )
      .optional()
      .meta({
        label: 'Private key',
        help: 'The .pem file that GitHub made for the App.',
        secret: true,
        multiline: true,
        when: { field: 'auth', is: ['app'], required: true },
        group: 'Credential',
      }),
    token: z
      .string()
      .trim()
      .max(500, 'A token is at most 500 characters long.')
      .regex(/^[\x21-\x7e]*$/, 'A token has no spaces.')
      .optional()
      .meta({
        label: 'Token',
        help: 'Fine-grained, with the organisation permission Members: read and write. A classic token needs admin:org.',
        secret: true,
        when: { field: 'auth', is: ['token'], required: true },
        group: 'Credential',
      }),
    invites: z.boolean({ error: 'Choose whether people may be invited.' }).default(false).meta({
      label: 'Invite people who are not in the organisation',
      help: 'GitHub then invites them to the organisation and the team. Otherwise only its members can be given a team.',
      group: 'Teams',
    }),
    identityProvider: z.enum(['none', 'team-sync', 'managed-users']).default('none').meta({
      label: 'Teams synced from an identity provider',
      help: 'Each team is then asked whether it is synced, and those that are cannot be requested: team-sync for team synchronization, managed-users for an enterprise with managed users.',
      group: 'Teams',
    }),
    apiUrl: z
      .string()
      .trim()
      .max(500, 'The address is too long.')
      .refine(
        (text) => text === '' || isApiAddress(text),
        'Enter an https address without a user name, password, ? or #.',
      )
      .optional()
      .meta({
        label: 'API address',
        help: 'Only for GitHub Enterprise: https://your-server/api/v3, or https://api.your-name.ghe.com.',
        placeholder: PUBLIC_API,
        target: true,
        group: 'Server',
      }),
  })
  .superRefine((values, { addIssue }) => {
    const need = (path: 'token' | 'appId' | 'installationId' | 'privateKey', message: string) => {
      if (!values[path]) addIssue({ code: 'custom', path: [path], message })
    }
    if (values.auth === 'token') return need('token', 'Enter the token.')
    need('appId', 'Enter the App’s ID.')
    need('installationId', 'Enter the ID of the App’s installation.')
    need('privateKey', 'Paste the App’s private key.')
  })

export type GithubConfig = z.infer<typeof githubConfigSchema>
export type Ctx = ConnectorContext<GithubConfig>

/** Of the REST API, without a slash at the end. */
export const restBase = ({ apiUrl }: GithubConfig): string => (apiUrl || PUBLIC_API).replace(/\/+$/, '')

/** The GraphQL address beside it: an enterprise server keeps it at `/api/graphql`. */
export const graphqlUrl = (config: GithubConfig): string =>
  `${restBase(config).replace(/\/api\/v3$/, '/api')}/graphql`
