import 'server-only'
import { z } from 'zod'

/** PostgreSQL cuts longer names off without a word; we refuse them. */
export const NAME_BYTES = 63

export const fitsName = (name: string) => name !== '' && Buffer.byteLength(name, 'utf8') <= NAME_BYTES

const nameField = (what: string) =>
  z
    .string({ error: `Enter the ${what}.` })
    .min(1, `Enter the ${what}.`)
    .refine(fitsName, `A ${what} is at most ${NAME_BYTES} bytes long.`)
    .refine((name) => !name.includes('\0'), `A ${what} has no control characters.`)

const placeholders = ['{local}', '{local_underscored}', '{email}']

export const postgresConfigSchema = z.object({
  host: z
    .string({ error: 'Enter the host name or address of the server.' })
    .trim()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9._:-]*[A-Za-z0-9])?$/, 'Enter a host name or an address, without a port.')
    .max(253, 'A host name is at most 253 characters long.')
    .meta({ label: 'Host', placeholder: 'warehouse.example.com', target: true }),
  port: z.coerce
    .number({ error: 'Enter a port number.' })
    .int('Enter a port number.')
    .min(1, 'Ports start at 1.')
    .max(65_535, 'Ports end at 65535.')
    .default(5432)
    .meta({ label: 'Port', target: true }),
  database: nameField('database name').meta({
    label: 'Database',
    help: 'Any database of the server the operator may connect to; roles belong to the whole server.',
  }),
  user: nameField('operator name').meta({
    label: 'Operator role',
    help: 'A login role with ADMIN OPTION on the roles to lease and membership in pg_signal_backend. It needs neither SUPERUSER nor CREATEROLE.',
    // What one operator gave, another cannot take back.
    target: true,
  }),
  password: z
    .string({ error: 'Enter the operator’s password.' })
    .min(1, 'Enter the operator’s password.')
    .max(1000, 'A password is at most 1,000 characters long.')
    .meta({ label: 'Password', secret: true }),
  sslmode: z.enum(['verify-full', 'require', 'disable']).default('verify-full').meta({
    label: 'Encryption',
    help: 'verify-full checks the server’s certificate; require encrypts without checking; disable does neither.',
  }),
  caCertificate: z
    .string()
    .trim()
    .max(32_768, 'The certificate is too long.')
    .refine((pem) => pem === '' || pem.includes('BEGIN CERTIFICATE'), 'Paste a certificate in PEM form.')
    .optional()
    .meta({
      label: 'Certificate authority',
      help: 'PEM, only when the server’s certificate is not signed by a public authority.',
      multiline: true,
    }),
  accountTemplate: z
    .string()
    .trim()
    .max(200, 'The pattern is too long.')
    .refine(
      (text) => text === '' || placeholders.some((placeholder) => text.includes(placeholder)),
      `The pattern needs one of ${placeholders.join(', ')}.`,
    )
    .optional()
    .meta({
      label: 'Account name pattern',
      help: 'How a login role is named after a person: {local} and {local_underscored} stand for the part of the e-mail address before the @, {email} for all of it. Left empty, {local_underscored} and {email} are tried.',
      placeholder: '{local_underscored}',
    }),
})

export type PostgresConfig = z.infer<typeof postgresConfigSchema>

/** The login role names a person may have under this connection's pattern, without repeats. */
export function accountNames(email: string, template: string | undefined): string[] {
  const templates = template ? [template] : ['{local_underscored}', '{email}']
  const names = [email, email.toLowerCase()].flatMap((address) => {
    const local = address.slice(0, Math.max(address.lastIndexOf('@'), 0)) || address
    const values: Record<string, string> = {
      '{local}': local,
      '{local_underscored}': local.replaceAll('.', '_'),
      '{email}': address,
    }
    return templates.map((text) => text.replace(/\{[a-z_]+\}/g, (found) => values[found] ?? found))
  })
  return [...new Set(names)]
}
