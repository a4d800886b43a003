import type { ConnectorErrorCode } from './connectors/contract'

/** Why an access ended, after "ended: ". */
export const endReasonWords: Record<string, string> = {
  expired: 'expired',
  revoked: 'revoked',
  returned: 'given back',
  withdrawn: 'withdrawn',
  left: 'the holder left',
  attested: 'attested',
}

/** What a connector may answer, and what the engine makes of a look. */
type Answer = ConnectorErrorCode | 'still_there' | 'sessions_left'

const answers: Record<Answer, string> = {
  retryable: 'it could not be reached, or was busy',
  rate_limited: 'it asks for patience',
  auth: 'our credential is refused',
  misconfigured: 'the connection’s settings do not work',
  principal_missing: 'the account is not there',
  principal_ambiguous: 'it is not plain whose account it is',
  entitlement_missing: 'the entitlement is not there',
  entitlement_unmanaged: 'its members are not ours to set',
  rejected: 'it refused',
  unknown_outcome: 'no clear answer',
  still_there: 'it is still held there',
  sessions_left: 'it is gone there, but open sessions could not be ended',
}

/** A give that waits until somebody says whose account it is. */
export const waitsForAccount = (code: unknown): boolean =>
  code === 'principal_missing' || code === 'principal_ambiguous'

/** A connector's code in words: "it refused". An unknown one is shown as it is. */
export function answerWords(code: unknown): string {
  const said = typeof code === 'string' ? code : 'no answer'
  return said in answers ? answers[said as Answer] : said
}
