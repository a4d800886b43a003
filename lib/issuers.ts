import 'server-only'
import { type Env, env, oidcPrefixes } from './env'

/** One identity provider of the settings. */
export interface Issuer {
  /** Its place in the settings, as addresses and forms call it: `oidc`, `oidc-2`, `oidc-3`. */
  readonly id: string
  /** What its button says. */
  readonly name: string
  /** Its own address, in one spelling. Identities are bound to it, never to the place. */
  readonly address: string
  readonly clientId: string
  readonly clientSecret: string
  /** An address it says nothing about is believed. */
  readonly trustEmail: boolean
  /** Whose addresses it may vouch for; empty means any. */
  readonly emailDomains: readonly string[]
}

/** The identity providers that are set up, in the order of their buttons. */
export function issuers(settings: Env = env()): Issuer[] {
  return oidcPrefixes.flatMap((prefix) => {
    const address = settings[`${prefix}_ISSUER`]
    const clientId = settings[`${prefix}_CLIENT_ID`]
    const clientSecret = settings[`${prefix}_CLIENT_SECRET`]
    if (!address || !clientId || !clientSecret) return []
    return [
      {
        id: prefix.toLowerCase().replace('_', '-'),
        name: settings[`${prefix}_NAME`] ?? 'single sign-on',
        address: new URL(address).href,
        clientId,
        clientSecret,
        trustEmail: settings[`${prefix}_TRUST_EMAIL`] === 'yes',
        emailDomains: settings[`${prefix}_EMAIL_DOMAINS`],
      },
    ]
  })
}

/** The identity provider in this place, if one is set up there. */
export function issuerIn(id: string, settings: Env = env()): Issuer | undefined {
  return issuers(settings).find((one) => one.id === id)
}
