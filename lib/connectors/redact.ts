import 'server-only'

const MASK = '•••'

/** Every form in which a secret may turn up in a message. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8')
  const forms = [
    secret,
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ]
  const bare = secret.replace(/^whsec_/, '')
  return bare === secret || bare === '' ? forms : [...forms, bare]
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A function that masks the given secrets, plain and encoded, in any text. */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const forms = [...new Set(secrets.filter((secret) => secret !== '').flatMap(formsOf))]
  if (forms.length === 0) return (text) => text
  const longestFirst = forms.sort((a, b) => b.length - a.length).map(escaped)
  const pattern = new RegExp(longestFirst.join('|'), 'gi') // percent-encoding comes in both cases
  return (text) => text.replace(pattern, MASK)
}

/** The same for the fields of a log line, however deep. */
export function redactFields(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value)
  if (value instanceof Error) return redact(`${value.name}: ${value.message}`)
  if (value instanceof Date || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item) => redactFields(item, redact))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactFields(item, redact)]))
}
