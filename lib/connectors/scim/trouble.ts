/** What a SCIM server’s refusals mean (RFC 7644 section 3.12), once those that mean the same everywhere are out. */
import 'server-only'
import { ConnectorError } from '../contract'
import { type HttpAnswer, oneLine } from '../http'
import { errorShape } from './resources'

/** The server's own words, with its keyword: "noTarget: no such member". */
export function toldBy({ body, status }: HttpAnswer): { scimType: string; words: string } {
  const told = errorShape.safeParse(body)
  const scimType = (told.success && told.data.scimType) || ''
  const detail = (told.success && told.data.detail) || ''
  return { scimType, words: oneLine([scimType, detail].filter(Boolean).join(': ')) || String(status) }
}

/** Why a look did not succeed. A 404 here is about the address: reads of one resource judge theirs before. */
export function lookTrouble(answer: HttpAnswer): ConnectorError {
  const { status, host } = answer
  const { scimType, words } = toldBy(answer)
  if (status === 404 || status === 410 || status === 405 || status === 501)
    return new ConnectorError(
      'misconfigured',
      `${host} knows nothing at that address (${status}). Check the base address.`,
    )
  if (status === 413 || scimType === 'tooMany')
    return new ConnectorError('rejected', `${host} finds the answer too large to give (${words}).`)
  if (status >= 400) return new ConnectorError('rejected', `${host} refuses the question (${words}).`)
  return new ConnectorError('retryable', `${host} answered unreadably (${status}).`)
}

/** Refusals that say nothing yet: who reads the group and the user again may find that all is as wanted. */
export const decidedByLook = ({ status }: HttpAnswer) =>
  status === 404 || status === 409 || status === 410 || status === 400 || status === 422

/**
 * Why a change did not happen, the group and the account both being there and the membership not as wanted.
 * @param how the way the change was asked for, as people know it from the settings
 */
export function changeTrouble(answer: HttpAnswer, group: string, how: string): ConnectorError {
  const { status, host } = answer
  const { scimType, words } = toldBy(answer)
  if (status === 412)
    return new ConnectorError('retryable', `“${group}” was changed by somebody else at the same moment.`)
  if (status === 405 || status === 501)
    return new ConnectorError('misconfigured', `${host} does not take changes by ${how} (${words}).`)
  if (scimType === 'mutability')
    return new ConnectorError(
      'entitlement_unmanaged',
      `${host} does not let the members of “${group}” be set (${words}).`,
    )
  if (['invalidFilter', 'invalidPath', 'invalidSyntax', 'invalidVers', 'noTarget'].includes(scimType))
    return new ConnectorError('misconfigured', `${host} does not understand changes by ${how} (${words}).`)
  if (status === 404 || status === 410)
    return new ConnectorError(
      'misconfigured',
      `${host} knows the group and the account, and still answers ${status} to changes by ${how}.`,
    )
  if (status === 409)
    return new ConnectorError('retryable', `${host} is busy with another change to “${group}” (${words}).`)
  if (status >= 400) return new ConnectorError('rejected', `${host} refuses the change (${words}).`)
  return new ConnectorError('unknown_outcome', `${host} answered the change unreadably (${status}).`)
}
