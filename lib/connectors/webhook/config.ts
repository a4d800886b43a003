import 'server-only'
import { z } from 'zod'

/** `whsec_` and 24 to 64 bytes of base64, as Standard Webhooks has it. */
function isSigningSecret(secret: string): boolean {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1]
  const bytes = encoded && encoded.length % 4 === 0 ? Buffer.from(encoded, 'base64').length : 0
  return bytes >= 24 && bytes <= 64
}

const secretHelp = 'whsec_ followed by 24 to 64 random bytes in base64.'

function isPlainAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null
  return url !== null && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.hash
}

export const webhookConfigSchema = z.object({
  url: z
    .string({ error: 'Enter the address that receives the messages.' })
    .trim()
    .max(2000, 'The address is too long.')
    .refine(isPlainAddress, 'Enter an https address without a user name, password or #.')
    .meta({
      label: 'Address',
      help: 'One https address that receives every message.',
      placeholder: 'https://access.example.com/leasehold',
      target: true,
    }),
  secret: z
    .string({ error: 'Enter the signing secret.' })
    .trim()
    .refine(isSigningSecret, `A signing secret is ${secretHelp}`)
    .meta({ label: 'Signing secret', help: `Every message is signed with it: ${secretHelp}`, secret: true }),
  nextSecret: z
    .string()
    .trim()
    .refine((secret) => secret === '' || isSigningSecret(secret), `A signing secret is ${secretHelp}`)
    .optional()
    .meta({
      label: 'Second signing secret',
      help: 'Only while you change secrets: messages then carry both signatures.',
      secret: true,
    }),
  effectDelaySeconds: z.coerce
    .number({ error: 'Enter a number of seconds.' })
    .int('Enter whole seconds.')
    .min(0, 'Enter 0 or more seconds.')
    .max(3600, 'At most 3,600 seconds.')
    .default(0)
    .meta({
      label: 'Effect delay (seconds)',
      help: 'How long a change may take to show up in a check after it was answered.',
    }),
  endsSessions: z
    .boolean({ error: 'Choose whether sessions can be ended.' })
    .default(false)
    .meta({ label: 'Ends sessions', help: 'The receiver understands sessions.end.' }),
  listsHolders: z
    .boolean({ error: 'Choose whether holders can be listed.' })
    .default(false)
    .meta({ label: 'Lists holders', help: 'The receiver understands grant.holders.' }),
})

export type WebhookConfig = z.infer<typeof webhookConfigSchema>
