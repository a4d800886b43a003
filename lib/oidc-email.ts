/** The part of a provider's profile that says which address is somebody's. */
export interface AddressClaims {
  readonly email?: string | null
  readonly email_verified?: unknown
}

/**
 * The address that an identity provider vouches for, or null. Some send the claim as text. `trustSilent` takes one
 * that says nothing about it at its word; one that says no is never believed.
 */
export function vouchedAddress(profile: AddressClaims | undefined, trustSilent: boolean): string | null {
  if (!profile?.email) return null
  const { email, email_verified: verified } = profile
  if (verified === true || verified === 'true') return email
  return trustSilent && (verified === undefined || verified === null) ? email : null
}
