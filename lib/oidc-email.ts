/** The part of a provider's profile that says which address is somebody's. */
export interface AddressClaims {
  readonly email?: string | null
  readonly email_verified?: unknown
}

/** How far one identity provider is believed. */
export interface Trust {
  /** One that says nothing about an address is taken at its word; one that says no is never believed. */
  readonly trustEmail: boolean
  /** Whose addresses it may vouch for; empty means any. */
  readonly emailDomains: readonly string[]
}

/** The address that an identity provider vouches for, or null. Some send the claim as text. */
export function vouchedAddress(profile: AddressClaims | undefined, trust: Trust): string | null {
  if (!profile?.email) return null
  const { email, email_verified: verified } = profile
  const domain = email
    .slice(email.lastIndexOf('@') + 1)
    .trim()
    .toLowerCase()
  if (trust.emailDomains.length > 0 && !trust.emailDomains.includes(domain)) return null
  if (verified === true || verified === 'true') return email
  return trust.trustEmail && (verified === undefined || verified === null) ? email : null
}

/**
 * When the provider says that somebody proved who they are (`auth_time`, seconds since 1970; OpenID Connect Core,
 * section 2), or null where it says nothing: a person it still knew from last week has proved nothing today.
 */
export function provenTime(claims: { readonly auth_time?: unknown }): Date | null {
  const seconds = Number(claims.auth_time ?? Number.NaN)
  return Number.isFinite(seconds) && seconds > 0 ? new Date(seconds * 1000) : null
}
