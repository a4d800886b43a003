import 'server-only'
import { z } from 'zod'
import type { ClientCredentials } from '../oauth'

const loopback = /^(127\.0\.0\.1|localhost|\[::1\])$/

/** The bare address of an organisation, encrypted unless it is a stand-in on this machine. */
function isOrgAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || url.username || url.password || url.search || url.hash || url.pathname !== '/') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname))
}

const text = (most: number) => z.string().trim().max(most, `At most ${most} characters.`).optional()

export const oktaConfigSchema = z
  .object({
    orgUrl: z
      .string({ error: 'Enter the address of your Okta organisation.' })
      .trim()
      .max(300, 'The address is too long.')
      .refine(isOrgAddress, 'Enter an https address without a path, such as https://acme.okta.com.')
      .refine((url) => !/-admin\.[\w-]+\.com\/?$/.test(url), 'Enter the address without -admin.')
      .transform((url) => url.replace(/\/$/, ''))
      .meta({
        label: 'Organisation address',
        help: 'Where your people sign in, not the admin console.',
        placeholder: 'https://acme.okta.com',
        target: true,
      }),
    auth: z.enum(['private key', 'API token']).default('private key').meta({
      label: 'Sign in with',
      help: 'A service app with a private key is recommended: it has scopes of its own and belongs to nobody.',
      group: 'Credential',
    }),
    clientId: text(200).meta({
      label: 'Client ID',
      help: 'Of the API Services app.',
      when: { field: 'auth', is: ['private key'], required: true },
      group: 'Credential',
    }),
    privateKey: text(16_384)
      .refine(
        (pem) => !pem || pem.includes('BEGIN PRIVATE KEY'),
        'Paste the private key in PEM form (PKCS #8).',
      )
      .meta({
        label: 'Private key',
        help: 'RSA, PEM, starting with BEGIN PRIVATE KEY.',
        secret: true,
        multiline: true,
        when: { field: 'auth', is: ['private key'], required: true },
        group: 'Credential',
      }),
    keyId: text(200).meta({
      label: 'Key ID',
      help: 'As Okta shows it beside the public key (KID); needed where the app has several.',
      when: { field: 'auth', is: ['private key'] },
      group: 'Credential',
    }),
    apiToken: text(500).meta({
      label: 'API token',
      help: 'It can do whatever the administrator can who made it, and ends with that person’s account.',
      secret: true,
      when: { field: 'auth', is: ['API token'], required: true },
      group: 'Credential',
    }),
    endSessions: z.boolean({ error: 'Choose whether sessions are ended.' }).default(false).meta({
      label: 'End Okta sessions with the access',
      help: 'Ends all Okta sessions of the person whenever a lease of theirs ends, not only what came with the group: they sign in again everywhere. Needs the scope okta.users.manage.',
      group: 'Sessions',
    }),
  })
  .superRefine((config, ctx) => {
    const need = (path: 'clientId' | 'privateKey' | 'apiToken', message: string) => {
      if (!config[path]) ctx.addIssue({ code: 'custom', path: [path], message })
    }
    if (config.auth === 'API token') return need('apiToken', 'Enter the API token.')
    need('clientId', 'Enter the client ID of the app.')
    need('privateKey', 'Enter the private key of the app.')
  })

export type OktaConfig = z.infer<typeof oktaConfigSchema>

/** Without a slash at the end. */
export const baseUrl = ({ orgUrl }: OktaConfig) => new URL(orgUrl).origin

export const scopesOf = ({ endSessions }: OktaConfig) => [
  'okta.groups.manage',
  'okta.users.read',
  ...(endSessions ? ['okta.users.manage'] : []),
]

/** Of a service app; null where an API token is used. */
export function credentialsOf(config: OktaConfig): ClientCredentials | null {
  if (config.auth === 'API token') return null
  return {
    tokenUrl: `${baseUrl(config)}/oauth2/v1/token`,
    clientId: config.clientId ?? '',
    scope: scopesOf(config).join(' '),
    auth: {
      kind: 'key',
      privateKey: config.privateKey ?? '',
      ...(config.keyId ? { keyId: config.keyId } : {}),
    },
  }
}
