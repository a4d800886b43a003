import type { Metadata } from 'next'
import { SignInShell } from '@/components/shell/solo-shell'
import { TellTabs } from '@/components/step-up/tell-tabs'
import { LinkButton } from '@/components/ui/button'
import { requireViewer } from '@/lib/session'

export const metadata: Metadata = { title: 'You are signed in' }

/** Where a fresh sign-in ends: the form that asked for it waits in another tab, and goes on by itself. */
export default async function SignedInPage() {
  const { person } = await requireViewer()
  return (
    <SignInShell
      title="You are signed in"
      sub={`As ${person.name}. Go back to the tab you came from: what you typed there is sent now. You can close this one.`}
    >
      <TellTabs />
      <p className="si-acts">
        <LinkButton href="/" icon="arrow-left">
          Go to Home instead
        </LinkButton>
      </p>
    </SignInShell>
  )
}
