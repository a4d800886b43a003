/** Every trouble of a directory in the contract's words. Source of the numbers: RFC 4511, 4.1.9 and appendix A. */
import 'server-only'
import { InvalidCredentialsError, ResultCodeError } from 'ldapts'
import { EgressError } from '@/lib/egress'
import { ConnectorError, type ConnectorErrorCode } from '../contract'
import type { LdapConfig } from './config'

/** Whether a change was sent, so that only the directory knows what became of it. */
export interface Progress {
  changing: boolean
}

/** The result code of a directory's refusal; undefined for any other error. */
export const resultCode = (error: unknown): number | undefined =>
  error instanceof ResultCodeError ? error.code : undefined

/** Result codes worth a name where they decide something. */
export const Result = {
  noSuchAttribute: 16,
  attributeOrValueExists: 20,
  noSuchObject: 32,
  insufficientAccessRights: 50,
  unwillingToPerform: 53,
  objectClassViolation: 65,
  entryAlreadyExists: 68,
  assertionFailed: 122,
} as const

const codes: Record<number, ConnectorErrorCode> = {
  1: 'retryable', // operationsError
  2: 'misconfigured', // protocolError
  3: 'retryable', // timeLimitExceeded
  4: 'misconfigured', // sizeLimitExceeded
  7: 'misconfigured', // authMethodNotSupported
  8: 'misconfigured', // strongerAuthRequired
  10: 'misconfigured', // referral
  11: 'retryable', // adminLimitExceeded
  12: 'misconfigured', // unavailableCriticalExtension
  13: 'misconfigured', // confidentialityRequired
  17: 'misconfigured', // undefinedAttributeType
  32: 'retryable', // noSuchObject: it was there a moment ago
  48: 'auth', // inappropriateAuthentication
  49: 'auth', // invalidCredentials
  50: 'auth', // insufficientAccessRights
  51: 'retryable', // busy
  52: 'retryable', // unavailable
  71: 'misconfigured', // affectsMultipleDSAs
  122: 'retryable', // assertionFailed: the name went to another group in between (RFC 4528)
}

/** Answers after which a change may still have happened. */
const ambiguous = new Set([80 /* other */, 85 /* timeout */])

const advice: Record<number, string> = {
  4: 'The directory gives the operator too few entries at once; raise its limit.',
  8: 'The directory wants an encrypted connection.',
  10: 'This server sends changes elsewhere; use the address of the one that takes them.',
  13: 'The directory wants an encrypted connection.',
}

/** Active Directory's reasons for refusing a sign-in, in the text of result 49. Source: Win32 error codes. */
const signInReasons: Record<string, string> = {
  '525': 'there is no such account',
  '52e': 'the name or the password is wrong',
  '530': 'it may not sign in at this time',
  '531': 'it may not sign in from here',
  '532': 'its password has expired',
  '533': 'the account is disabled',
  '701': 'the account has expired',
  '773': 'its password has to be changed first',
  '775': 'the account is locked',
}

const certificateTrouble = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|ERR_SSL|EPROTO/

/** Says any trouble of the driver or the directory as a {@link ConnectorError}. */
export function troubleOf(error: unknown, config: LdapConfig, progress: Progress): ConnectorError {
  if (error instanceof ConnectorError) return error
  if (error instanceof EgressError) return new ConnectorError('misconfigured', error.message)
  if (error instanceof InvalidCredentialsError) return signInRefused(error, config)
  if (error instanceof ResultCodeError) return refusal(error, config, progress)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (certificateTrouble.test(code)) {
    return new ConnectorError(
      'misconfigured',
      `No trusted encrypted connection to ${config.host} could be made (${code}).`,
    )
  }
  return progress.changing
    ? new ConnectorError('unknown_outcome', `The connection to ${config.host} was lost during the change.`)
    : new ConnectorError(
        'retryable',
        `${config.host}:${config.port} could not be reached (${code || 'lost'}).`,
      )
}

/** The directory's own words, without the number the driver puts behind them. */
function said(error: ResultCodeError): string {
  const words = error.message
    .replace(/\s*Code: 0x[0-9a-f]+$/, '')
    .replaceAll('\0', '')
    .trim()
    .replace(/\.$/, '')
  return `The directory says: ${words || 'nothing more'} (${error.code}).`
}

function signInRefused(error: InvalidCredentialsError, config: LdapConfig): ConnectorError {
  const data = /\bdata ([0-9a-f]+)\b/.exec(error.message)?.[1]
  const reason = data && signInReasons[data]
  return new ConnectorError(
    'auth',
    reason
      ? `${config.host} refuses the operator: ${reason} (49, data ${data}).`
      : `${config.host} refuses the operator’s name or password. ${said(error)}`,
  )
}

function refusal(error: ResultCodeError, config: LdapConfig, progress: Progress): ConnectorError {
  const { code } = error
  const words = [advice[code], said(error)].filter(Boolean).join(' ')
  if (ambiguous.has(code)) {
    return new ConnectorError(progress.changing ? 'unknown_outcome' : 'retryable', words)
  }
  if (code === Result.insufficientAccessRights) {
    return new ConnectorError('auth', `The operator may not do this. ${words}`)
  }
  if (code === Result.unwillingToPerform && /read-?only|restricted|shadow/i.test(error.message)) {
    return new ConnectorError('misconfigured', `${config.host} takes no changes. ${words}`)
  }
  return new ConnectorError(codes[code] ?? 'rejected', words)
}
