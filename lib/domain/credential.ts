import { DAY } from './duration'

/** So many days before our credential for a target ends its owners are told, once each. */
export const credentialWarningDays = [30, 7, 1] as const
export type CredentialWarningDays = (typeof credentialWarningDays)[number]

/**
 * The warning that is due about a credential's end, in days ahead; null for none. One that was missed is not made up
 * for by another: whoever learns of an end in 5 days is told "7 days" once, and not "30" as well.
 * @param warned the last warning given, in days ahead; null for none yet
 */
export function credentialWarning(
  endsAt: Date,
  warned: number | null,
  now: Date,
): CredentialWarningDays | null {
  const left = endsAt.getTime() - now.getTime()
  if (left <= 0) return null
  const due = credentialWarningDays.filter((days) => left <= days * DAY * 1000).at(-1)
  return due === undefined || (warned !== null && warned <= due) ? null : due
}
