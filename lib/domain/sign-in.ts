/** How somebody proved who they are when their session began. */
export const signInWays = ['oidc', 'email', 'demo'] as const
export type SignInWay = (typeof signInWays)[number]

/** What is known of the session that somebody acts in. */
export interface ActingSession {
  readonly way: SignInWay
  /** They proved who they are within the last {@link FRESH_SECONDS}. */
  readonly fresh: boolean
}

/** A sign-in is fresh for this long, in seconds of the real clock. */
export const FRESH_SECONDS = 900

/** Whether a proof of who somebody is still counts as fresh. A proof from the future counts for nothing. */
export function isFresh(provenAt: Date, wall: Date): boolean {
  const age = wall.getTime() - provenAt.getTime()
  return age >= 0 && age <= FRESH_SECONDS * 1000
}
