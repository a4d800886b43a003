/** Leads somebody through a fresh sign-in. @returns whether they are back, as who they were */
export type AskToSignIn = () => Promise<boolean>

let ask: AskToSignIn | null = null

/** Says who leads through a fresh sign-in on this page. @returns lets go of it again */
export function leadsToSignIn(how: AskToSignIn): () => void {
  ask = how
  return () => {
    if (ask === how) ask = null
  }
}

/** Waits for a fresh sign-in; false at once where nothing on the page can lead to one. */
export function signedInAgain(): Promise<boolean> {
  return ask ? ask() : Promise.resolve(false)
}

/** On this channel a tab says to the others of this browser that somebody signed in. */
export const SIGNED_IN_CHANNEL = 'leasehold.signed-in'
