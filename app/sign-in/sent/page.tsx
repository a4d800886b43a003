import type { Metadata } from 'next'
import { SignInShell } from '@/components/shell/solo-shell'
import { LinkButton } from '@/components/ui/button'
import { env } from '@/lib/env'

export const metadata: Metadata = { title: 'Look into your mail' }

export default function SentPage() {
  const demo = env().LEASEHOLD_MODE !== 'production'
  return (
    <SignInShell
      title="Look into your mail"
      sub="If the address is known here, a link is on its way. It works once, for 15 minutes."
    >
      <p className="si-acts">
        <LinkButton href="/sign-in" icon="arrow-left">
          Back to sign-in
        </LinkButton>
        {demo ? (
          <LinkButton href="/dev/mail" icon="mail">
            Open the demo’s mails
          </LinkButton>
        ) : null}
      </p>
    </SignInShell>
  )
}
