import 'server-only'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { z } from 'zod'
import type { ConnectorContext } from '../contract'
import type { ClientCredentials } from '../oauth'

/** Microsoft's clouds: where one signs in, and where Graph is. */
const clouds = {
  global: { login: 'https://login.microsoftonline.com', graph: 'https://graph.microsoft.com' },
  'us-government': { login: 'https://login.microsoftonline.us', graph: 'https://graph.microsoft.us' },
  'us-government-dod': { login: 'https://login.microsoftonline.us', graph: 'https://dod-graph.microsoft.us' },
  china: {
    login: 'https://login.partner.microsoftonline.cn',
    graph: 'https://microsoftgraph.chinacloudapi.cn',
  },
} as const

function reads(read: () => unknown): boolean {
  try {
    read()
    return true
  } catch {
    return false
  }
}

const pem = (what: string, works: (text: string) => unknown) =>
  z
    .string()
    .trim()
    .max(32_768, `The ${what} is too long.`)
    .refine((text) => text === '' || reads(() => works(text)), `Paste the ${what} in PEM form.`)
    .optional()

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function isAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) && url.href.replace(/\/$/, '') === url.origin
}

export const entraConfigSchema = z
  .object({
    tenant: z
      .string({ error: 'Enter the tenant’s ID or its domain.' })
      .trim()
      .regex(/^[A-Za-z\d]([A-Za-z\d.-]{0,250}[A-Za-z\d])$/, 'Enter the tenant’s ID or its domain.')
      .meta({
        label: 'Tenant',
        help: 'The Directory (tenant) ID on the overview of the app registration.',
        placeholder: '00000000-0000-0000-0000-000000000000',
        target: true,
      }),
    clientId: z
      .string({ error: 'Enter the application’s ID.' })
      .trim()
      .regex(guid, 'The Application (client) ID is a GUID.')
      .meta({
        label: 'Application ID',
        help: 'The Application (client) ID on the overview of the app registration.',
        group: 'Credential',
      }),
    auth: z.enum(['certificate', 'secret']).default('certificate').meta({
      label: 'Sign in with',
      help: 'A certificate (recommended): its private key stays here and its end is known. Or a client secret.',
      group: 'Credential',
    }),
    certificate: pem('certificate', (text) => new X509Certificate(text)).meta({
      label: 'Certificate',
      help: 'PEM, the one uploaded to the app registration.',
      multiline: true,
      when: { field: 'auth', is: ['certificate'], required: true },
      group: 'Credential',
    }),
    privateKey: pem('private key', (text) => createPrivateKey(text)).meta({
      label: 'Private key',
      help: 'PEM, RSA, without a passphrase; the certificate’s own.',
      secret: true,
      multiline: true,
      when: { field: 'auth', is: ['certificate'], required: true },
      group: 'Credential',
    }),
    clientSecret: z
      .string()
      .max(500, 'A secret is at most 500 characters long.')
      .optional()
      .meta({
        label: 'Client secret',
        help: 'Its value, not its ID.',
        secret: true,
        when: { field: 'auth', is: ['secret'], required: true },
        group: 'Credential',
      }),
    mode: z.enum(['membership', 'pim']).default('membership').meta({
      label: 'Give by',
      help: 'membership adds members to groups; pim makes active assignments in Privileged Identity Management, which Entra itself ends should nobody else do it.',
      // What one way gave, the other does not see as its own.
      target: true,
      group: 'Groups',
    }),
    endsSessions: z.boolean({ error: 'Choose whether sign-ins are ended.' }).default(false).meta({
      label: 'End sign-ins with the access',
      help: 'Signs the person out everywhere in Entra when an access ends. Needs User.RevokeSessions.All.',
      group: 'Groups',
    }),
    cloud: z
      .enum(['global', 'us-government', 'us-government-dod', 'china'])
      .default('global')
      .meta({ label: 'Cloud', target: true, group: 'Server' }),
    address: z
      .string()
      .trim()
      .max(500, 'The address is too long.')
      .refine((text) => text === '' || isAddress(text), 'Enter an https address without a path.')
      .optional()
      .meta({
        label: 'Other address',
        help: 'For development only: one address for signing in and for Graph in the place of Microsoft’s.',
        target: true,
        group: 'Server',
      }),
  })
  .superRefine((values, { addIssue }) => {
    const wrong = (path: string, message: string) => addIssue({ code: 'custom', path: [path], message })
    if (values.auth === 'secret') {
      if (!values.clientSecret) wrong('clientSecret', 'Enter the client secret.')
      return
    }
    const { certificate, privateKey } = values
    if (!certificate) wrong('certificate', 'Paste the certificate.')
    if (!privateKey) wrong('privateKey', 'Paste the private key.')
    if (!certificate || !privateKey || !reads(() => createPrivateKey(privateKey))) return
    if (!reads(() => new X509Certificate(certificate))) return
    const key = createPrivateKey(privateKey)
    if (key.asymmetricKeyType !== 'rsa') wrong('privateKey', 'Entra takes RSA keys only.')
    else if (!new X509Certificate(certificate).checkPrivateKey(key))
      wrong('privateKey', 'This is not the certificate’s own private key.')
  })

export type EntraConfig = z.infer<typeof entraConfigSchema>
export type Ctx = ConnectorContext<EntraConfig>

export const isGuid = (text: string) => guid.test(text)

const bare = (address: string) => address.replace(/\/$/, '')

/** Graph's address with its version, without a slash at the end. */
export const graphBase = ({ address, cloud }: EntraConfig): string =>
  `${address ? bare(address) : clouds[cloud].graph}/v1.0`

/** How a token is had. Entra knows a certificate by its SHA-256 thumbprint and wants PS256. */
export function credentialsOf(config: EntraConfig): ClientCredentials {
  const { login, graph } = config.address
    ? { login: bare(config.address), graph: bare(config.address) }
    : clouds[config.cloud]
  const auth =
    config.auth === 'secret'
      ? ({ kind: 'secret', secret: config.clientSecret ?? '' } as const)
      : ({
          kind: 'key',
          algorithm: 'PS256',
          privateKey: createPrivateKey(config.privateKey ?? '')
            .export({ type: 'pkcs8', format: 'pem' })
            .toString(),
          thumbprint: thumbprintOf(config.certificate ?? ''),
        } as const)
  return {
    tokenUrl: `${login}/${encodeURIComponent(config.tenant)}/oauth2/v2.0/token`,
    clientId: config.clientId,
    scope: `${graph}/.default`,
    auth,
  }
}

function thumbprintOf(certificate: string): string {
  const { fingerprint256 } = new X509Certificate(certificate)
  return Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url')
}
