const troubles: Readonly<Record<string, string>> = {
  unknown: 'Nobody with this address is known here. Ask an admin of your organisation to let you in.',
  unverified:
    'Your identity provider does not vouch for your e-mail address, so it cannot tell us who you are.',
  taken:
    'Your identity provider knows this address by an earlier account. Ask an admin of your organisation to have that one forgotten.',
  links: 'Here people sign in at their identity provider. No links are mailed.',
  deactivated: 'This account is deactivated. Ask an admin of your organisation if that is a mistake.',
  // next-auth's own names
  Verification: 'This link was used already, or is older than 15 minutes. Ask for a new one.',
  AccessDenied: 'You were not let in. Ask an admin of your organisation.',
}

/** What the sign-in page says about its `error` parameter; null without one. */
export function signInTrouble(code: string | string[] | undefined): string | null {
  if (typeof code !== 'string') return null
  return (
    (Object.hasOwn(troubles, code) ? troubles[code] : undefined) ??
    'Signing in did not work. Try again; if it happens again, tell an admin of your organisation.'
  )
}
