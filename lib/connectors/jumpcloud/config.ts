import 'server-only'
import { z } from 'zod'
import type { ClientCredentials } from '../oauth'

const regions = ['US', 'EU', 'India'] as const

/** Where each region answers and hands out tokens; a credential of one is unknown in the others. */
const hosts: Record<(typeof regions)[number], { api: string; token: string }> = {
  US: { api: 'console.jumpcloud.com', token: 'admin-oauth.id.jumpcloud.com' },
  EU: { api: 'console.eu.jumpcloud.com', token: 'admin-oauth.id.eu.jumpcloud.com' },
  India: { api: 'console.in.jumpcloud.com', token: 'admin-oauth.id.in.jumpcloud.com' },
}

/** A stand-in on this machine; an address elsewhere would be handed our credential. */
const loopback = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?\/?$/

const text = (most: number) => z.string().trim().max(most, `At most ${most} characters.`).optional()

export const jumpcloudConfigSchema = z
  .object({
    region: z.enum(regions).default('US').meta({
      label: 'Region',
      help: 'Where your organisation lives: US is console.jumpcloud.com, EU console.eu.jumpcloud.com, India console.in.jumpcloud.com.',
      target: true,
    }),
    organisationId: text(64)
      .refine((id) => !id || /^[A-Za-z0-9]+$/.test(id), 'An organisation ID has letters and digits only.')
      .meta({
        label: 'Organisation ID',
        help: 'Only for providers with several organisations; it is in the console under Settings.',
        target: true,
      }),
    auth: z.enum(['service account', 'API key']).default('service account').meta({
      label: 'Sign in with',
      help: 'A service account is recommended: it belongs to nobody, has a role of its own, and is renewed without anybody’s help.',
      group: 'Credential',
    }),
    clientId: text(200).meta({
      label: 'Client ID',
      when: { field: 'auth', is: ['service account'], required: true },
      group: 'Credential',
    }),
    clientSecret: text(500).meta({
      label: 'Client secret',
      secret: true,
      when: { field: 'auth', is: ['service account'], required: true },
      group: 'Credential',
    }),
    apiKey: text(500).meta({
      label: 'API key',
      help: 'The key of an administrator. It ends with that person’s account, and whenever they make a new one.',
      secret: true,
      when: { field: 'auth', is: ['API key'], required: true },
      group: 'Credential',
    }),
    expiresOn: text(10)
      .refine(
        (day) => !day || (/^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day))),
        'Enter a day as YYYY-MM-DD.',
      )
      .meta({
        label: 'Credential ends on',
        help: 'JumpCloud does not tell. Entered here, its owners are warned ahead.',
        placeholder: '2027-03-31',
        group: 'Credential',
      }),
    apiAddress: text(200)
      .refine((address) => !address || loopback.test(address), 'Only an address on this machine is taken.')
      .meta({
        label: 'API address',
        help: 'For development only: a stand-in on this machine instead of JumpCloud. Leave it empty.',
        placeholder: 'http://127.0.0.1:8080',
        target: true,
        group: 'Development',
      }),
  })
  .superRefine((config, ctx) => {
    const need = (path: 'clientId' | 'clientSecret' | 'apiKey', message: string) => {
      if (!config[path]) ctx.addIssue({ code: 'custom', path: [path], message })
    }
    if (config.auth === 'API key') return need('apiKey', 'Enter the API key.')
    need('clientId', 'Enter the client ID of the service account.')
    need('clientSecret', 'Enter the client secret of the service account.')
  })

export type JumpCloudConfig = z.infer<typeof jumpcloudConfigSchema>

/** Without a slash at the end. */
export function baseUrl({ apiAddress, region }: JumpCloudConfig): string {
  return apiAddress ? apiAddress.replace(/\/$/, '') : `https://${hosts[region].api}`
}

/** Of a service account; null where an API key is used. */
export function credentialsOf(config: JumpCloudConfig): ClientCredentials | null {
  const { auth, clientId, clientSecret, apiAddress, region } = config
  if (auth === 'API key') return null
  const host = apiAddress ? baseUrl(config) : `https://${hosts[region].token}`
  return {
    tokenUrl: `${host}/oauth2/token`,
    clientId: clientId ?? '',
    scope: 'api',
    auth: { kind: 'secret', secret: clientSecret ?? '', as: 'basic' },
  }
}
