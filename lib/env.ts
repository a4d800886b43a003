import 'server-only'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { parseSecretKeys, SecretError } from './secrets'

/**
 * Every setting, read from the environment once. `.env.example` explains each; a test keeps the two lists the
 * same. Lists come out as arrays, switches as closed words; an empty value counts as not set.
 */
const schema = z.object({
  LEASEHOLD_MODE: z
    .enum(['production', 'demo', 'test'], { error: 'must be production, demo or test' })
    .default('production'),
  LEASEHOLD_LOOP: z.enum(['on', 'off', 'auto'], { error: 'must be on, off or auto' }).default('auto'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, fatal, silent',
    })
    .default('info'),
  APP_URL: required('the address people open, such as https://leasehold.example.com')
    .refine(isOrigin, { error: 'must be an address without a path, such as https://leasehold.example.com' })
    .transform((value) => new URL(value).origin),
  TRUSTED_PROXIES: z
    .string()
    .regex(/^[0-9]$/, { error: 'must be a number of proxies from 0 to 9' })
    .transform(Number)
    .optional(),
  DATABASE_URL: required('the address of a PostgreSQL database').refine(
    isAddress('postgres:', 'postgresql:'),
    {
      error: 'must look like postgres://user:password@host:5432/database',
    },
  ),
  AUTH_SECRET: required('make one with: openssl rand -base64 33').min(32, {
    error: 'must have at least 32 characters: make one with openssl rand -base64 33',
  }),
  LEASEHOLD_SECRET_KEYS: required('make one with: echo "k1:$(openssl rand -base64 32)"').superRefine(
    checkKeys,
  ),
  NEXT_SERVER_ACTIONS_ENCRYPTION_KEY: z
    .string()
    .refine((value) => [16, 24, 32].includes(base64Length(value)), {
      error: 'must be 16, 24 or 32 bytes in base64: make one with openssl rand -base64 32',
    })
    .optional(),
  ADMIN_EMAILS: list()
    .pipe(z.array(z.email({ error: 'must be e-mail addresses, separated by commas' }).toLowerCase()))
    .default([]),
  SIGN_UP_DOMAINS: domains(),
  OIDC_ISSUER: address().optional(),
  OIDC_CLIENT_ID: z.string().optional(),
  OIDC_CLIENT_SECRET: z.string().optional(),
  OIDC_TRUST_EMAIL: yesOrNo(),
  OIDC_GROUPS_CLAIM: claim(),
  OIDC_MANAGER_CLAIM: claim(),
  OIDC_ZONE_CLAIM: claim(),
  OIDC_LOCALE_CLAIM: claim(),
  OIDC_EMAIL_DOMAINS: domains(),
  OIDC_NAME: buttonName().default('single sign-on'),
  OIDC_2_ISSUER: address().optional(),
  OIDC_2_CLIENT_ID: z.string().optional(),
  OIDC_2_CLIENT_SECRET: z.string().optional(),
  OIDC_2_TRUST_EMAIL: yesOrNo(),
  OIDC_2_EMAIL_DOMAINS: domains(),
  OIDC_2_NAME: buttonName().optional(),
  OIDC_3_ISSUER: address().optional(),
  OIDC_3_CLIENT_ID: z.string().optional(),
  OIDC_3_CLIENT_SECRET: z.string().optional(),
  OIDC_3_TRUST_EMAIL: yesOrNo(),
  OIDC_3_EMAIL_DOMAINS: domains(),
  OIDC_3_NAME: buttonName().optional(),
  MAIL_FROM: z
    .string()
    .regex(/^(?:[^<>\r\n]* )?<?[^\s<>@]+@[^\s<>@]+>?$/, {
      error: 'must be an address, such as Leasehold <leasehold@example.com>',
    })
    .optional(),
  RESEND_API_KEY: z.string().optional(),
  RESEND_BASE_URL: address().optional(),
  RESEND_WEBHOOK_SECRET: z
    .string()
    .refine(isWebhookSecret, { error: 'must be the signing secret that Resend shows, such as whsec_…' })
    .optional(),
  SMTP_URL: z
    .string()
    .refine(isAddress('smtp:', 'smtps:'), {
      error: 'must look like smtps://user:password@mail.example.com:465',
    })
    .optional(),
  INNGEST_EVENT_KEY: z.string().optional(),
  INNGEST_SIGNING_KEY: z.string().optional(),
  INNGEST_DEV: z.string().optional(),
  INNGEST_BASE_URL: address().optional(),
  CRON_SECRET: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
  METRICS_TOKEN: z.string().min(16, { error: 'must have at least 16 characters' }).optional(),
  AUDIT_CHECKPOINT_MINUTES: z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/, { error: 'must be a number of minutes from 1 to 9999' })
    .transform(Number)
    .default(60),
  AUDIT_CHECKPOINT_FILE: z.string().optional(),
  AUDIT_CHECKPOINT_WEBHOOK: address().optional(),
  AUDIT_CHECKPOINT_MAIL: list()
    .pipe(z.array(z.email({ error: 'must be e-mail addresses, separated by commas' })))
    .default([]),
  QUARANTINE_MARKER_FILE: z.string().optional(),
  QUARANTINE_TIMELINE: z.enum(['watch', 'ignore'], { error: 'must be watch or ignore' }).default('watch'),
  EGRESS_ALLOW: list()
    .pipe(
      z.array(
        z.string().refine(isEgressRule, { error: 'must be host names, addresses, CIDR ranges or loopback' }),
      ),
    )
    .default([]),
  FAULTPOINT: z.string().optional(),
})

/** All settings, checked. */
export type Env = z.output<typeof schema>

/** The names of all settings, in the order `.env.example` explains them. */
export const envNames = Object.keys(schema.shape) as (keyof Env)[]

/** The settings cannot be used; `problems` has one sentence per mistake, none of them shows a secret. */
export class EnvError extends Error {
  constructor(readonly problems: string[]) {
    super(
      `Leasehold cannot start with these settings:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
    this.name = 'EnvError'
  }
}

let parsed: Env | undefined

/** The settings of this process, parsed on first use. @throws {EnvError} */
export function env(): Env {
  parsed ??= parseEnv(process.env)
  return parsed
}

/**
 * Checks every setting and every combination and reports all mistakes together.
 * @throws {EnvError}
 */
export function parseEnv(source: Record<string, string | undefined>): Env {
  const given = Object.fromEntries(
    Object.entries(source).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  )
  const result = schema.safeParse(given)
  const problems = [
    ...(result.error?.issues ?? []).map((issue) => `${String(issue.path[0])} ${issue.message}.`),
    ...misspelled(given),
    ...combinations(given),
  ]
  if (result.success && problems.length === 0) return result.data
  throw new EnvError([...new Set(problems)])
}

/** What Kubernetes puts into every container beside a Service called leasehold, or leasehold-something. */
const KUBERNETES = /_SERVICE_(HOST|PORT)(_|$)|_PORT(_|$)/

function misspelled(given: Record<string, string>): string[] {
  return Object.keys(given)
    .filter((name) => name.startsWith('LEASEHOLD_') && !(name in schema.shape) && !KUBERNETES.test(name))
    .map((name) => `${name} is not a setting of Leasehold.`)
}

/** Settings that are fine alone and wrong together. */
function combinations(given: Record<string, string>): string[] {
  const problems: string[] = []
  const refuse = (wrong: unknown, sentence: string) => {
    if (wrong) problems.push(sentence)
  }
  for (const prefix of oidcPrefixes) problems.push(...oidcProblems(prefix, given))
  refuse(
    given.RESEND_WEBHOOK_SECRET && !given.RESEND_API_KEY,
    'RESEND_WEBHOOK_SECRET is set but RESEND_API_KEY is not.',
  )
  refuse(
    given.RESEND_API_KEY && given.SMTP_URL,
    'RESEND_API_KEY and SMTP_URL are both set: mails go one way, keep one.',
  )
  refuse(given.RESEND_BASE_URL && !given.RESEND_API_KEY, 'RESEND_BASE_URL is set but RESEND_API_KEY is not.')
  refuse(
    given.INNGEST_SIGNING_KEY && !given.INNGEST_EVENT_KEY,
    'INNGEST_SIGNING_KEY is set but INNGEST_EVENT_KEY is not: Inngest needs both.',
  )
  const usesInngest = given.INNGEST_EVENT_KEY || given.INNGEST_BASE_URL
  refuse(
    usesInngest && !given.INNGEST_SIGNING_KEY && !isOn(given.INNGEST_DEV),
    'INNGEST_SIGNING_KEY is missing: without it anybody could call /api/inngest.',
  )
  if ((given.LEASEHOLD_MODE ?? 'production') === 'production') problems.push(...productionProblems(given))
  return problems
}

/** The places for identity providers, in the order of their buttons. */
export const oidcPrefixes = ['OIDC', 'OIDC_2', 'OIDC_3'] as const

function oidcProblems(prefix: (typeof oidcPrefixes)[number], given: Record<string, string>): string[] {
  const needed = ['ISSUER', 'CLIENT_ID', 'CLIENT_SECRET', ...(prefix === 'OIDC' ? [] : ['NAME'])]
  const missing = needed.map((part) => `${prefix}_${part}`).filter((name) => !given[name])
  const problems = []
  if (missing.length > 0 && missing.length < needed.length)
    problems.push(`Single sign-on needs ${missing.join(' and ')} as well.`)
  const here = given[`${prefix}_ISSUER`]
  const twin = oidcPrefixes
    .slice(0, oidcPrefixes.indexOf(prefix))
    .find((other) => here && sameAddress(given[`${other}_ISSUER`], here))
  if (twin) problems.push(`${twin}_ISSUER and ${prefix}_ISSUER are the same identity provider: keep one.`)
  return problems
}

function sameAddress(one: string | undefined, other: string): boolean {
  if (!one || !URL.canParse(one) || !URL.canParse(other)) return false
  return new URL(one).href === new URL(other).href
}

function productionProblems(given: Record<string, string>): string[] {
  const problems: string[] = []
  const refuse = (wrong: unknown, sentence: string) => {
    if (wrong) problems.push(sentence)
  }
  refuse(given.FAULTPOINT, 'FAULTPOINT makes the server fail on purpose and is refused in production.')
  refuse(isOn(given.INNGEST_DEV), 'INNGEST_DEV turns signatures off and is refused in production.')
  refuse(
    !given.RESEND_API_KEY && !given.SMTP_URL,
    'Set RESEND_API_KEY or SMTP_URL: without either no mail would reach anybody.',
  )
  refuse(!given.MAIL_FROM, 'MAIL_FROM is not set: mails need a sender.')
  refuse(
    !given.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY,
    'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY is not set: make one with openssl rand -base64 32, the same for every node.',
  )
  const issuers = oidcPrefixes.map((prefix) => `${prefix}_ISSUER`)
  for (const name of ['APP_URL', ...issuers, 'RESEND_BASE_URL', 'AUDIT_CHECKPOINT_WEBHOOK']) {
    refuse(isPlainHttp(given[name]), `${name} must use https in production.`)
  }
  return problems
}

function required(hint: string) {
  return z.string({ error: `is not set (${hint})` })
}

function claim() {
  return z.string().max(120, { error: 'must be the name of one claim, such as groups' }).optional()
}

function list() {
  return z.string().transform((value) =>
    value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  )
}

function domains() {
  const error = 'must be domains such as example.com, separated by commas'
  const domain = z
    .string()
    .toLowerCase()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, { error })
  return list().pipe(z.array(domain)).default([])
}

function address() {
  return z.string().refine(isAddress('https:', 'http:'), { error: 'must be an address' })
}

function yesOrNo() {
  return z.enum(['yes', 'no'], { error: 'must be yes or no' }).default('no')
}

function buttonName() {
  return z.string().max(60, { error: 'must have at most 60 characters' })
}

/** Whether a switch that may also be an address is on: set, and neither 0 nor false. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== '0' && value.toLowerCase() !== 'false'
}

function isAddress(...protocols: string[]) {
  return (value: string) => URL.canParse(value) && protocols.includes(new URL(value).protocol)
}

function isOrigin(value: string): boolean {
  return (
    isAddress('https:', 'http:')(value) && new URL(value).origin === value.replace(/\/$/, '').toLowerCase()
  )
}

function isWebhookSecret(value: string): boolean {
  return base64Length(value.replace(/^whsec_/, '')) >= 16
}

/** Plain http is fine only where it never leaves the machine. */
function isPlainHttp(value: string | undefined): boolean {
  if (!value || !URL.canParse(value)) return false
  const { protocol, hostname } = new URL(value)
  return protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

function isEgressRule(rule: string): boolean {
  return (
    ipaddr.isValid(rule) ||
    ipaddr.isValidCIDR(rule) ||
    /^(?!.*\.\.)[a-z0-9_]([a-z0-9_.-]*[a-z0-9])?$/i.test(rule)
  )
}

function base64Length(value: string): number {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(value) ? Buffer.from(value, 'base64').length : 0
}

function checkKeys(value: string, context: z.RefinementCtx): void {
  try {
    parseSecretKeys(value)
  } catch (error) {
    if (!(error instanceof SecretError)) throw error
    context.addIssue({ code: 'custom', message: `cannot be used: ${error.message.replace(/\.$/, '')}` })
  }
}
