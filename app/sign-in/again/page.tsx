import type { Metadata } from 'next'
import { SignInShell } from '@/components/shell/solo-shell'
import { DemoForm, LinkForm, ProviderForms } from '@/components/sign-in/sign-in-forms'
import { readSignInPage } from '@/lib/queries/sign-in'
import { requireViewer } from '@/lib/session'
import { asDemoPerson, sendLink, withProvider } from '../actions'

export const metadata: Metadata = { title: 'Sign in again' }

const DONE = '/signed-in'

/** The ways to prove once more who one is, for whoever is signed in. The session goes on until the new one stands. */
export default async function AgainPage() {
  const { person } = await requireViewer()
  const { providers, links, people } = await readSignInPage()
  const me = { id: person.id, name: person.name, title: person.title, parts: [] }
  return (
    <SignInShell
      title={`Sign in again as ${person.name}`}
      sub="What you were about to do takes a sign-in of the last 15 minutes. It waits in the tab you came from."
    >
      <div className="si-ways">
        {people ? (
          <>
            <DemoForm act={asDemoPerson} next={DONE} people={[me]} heading="In the demo" />
            {providers.length > 0 || links ? <p className="si-or">or</p> : null}
          </>
        ) : null}
        <ProviderForms act={withProvider} providers={providers} next={DONE} again />
        {links ? (
          <>
            {providers.length > 0 ? <p className="si-or">or</p> : null}
            <LinkForm act={sendLink} next={DONE} domain="example.com" email={person.email} />
          </>
        ) : null}
      </div>
    </SignInShell>
  )
}
