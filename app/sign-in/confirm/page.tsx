import type { Metadata } from 'next'
import { HideToken } from '@/components/decide/hide-token'
import { SignInShell } from '@/components/shell/solo-shell'
import { ConfirmForm } from '@/components/sign-in/sign-in-forms'
import { LinkButton } from '@/components/ui/button'
import { processNow } from '@/lib/clock'
import { nextPath } from '@/lib/next-path'
import { confirm } from '../actions'

export const metadata: Metadata = { title: 'Sign in' }

/** Opened from a mail. Looking changes nothing, so that a mail scanner uses nothing up; the button signs in. */
export default async function ConfirmPage({ searchParams }: PageProps<'/sign-in/confirm'>) {
  const { email, token, next } = await searchParams
  if (typeof email !== 'string' || typeof token !== 'string')
    return (
      <SignInShell
        title="This link is not complete"
        sub="Part of it was lost on the way. Copy all of it, or ask for a new one."
      >
        <p className="si-acts">
          <LinkButton href="/sign-in">Ask for a new link</LinkButton>
        </p>
      </SignInShell>
    )
  return (
    <SignInShell
      title="Sign in to Leasehold"
      sub="You asked for this with the link in your mail. It works once."
    >
      <HideToken path="/sign-in" at={processNow().getTime()} />
      <ConfirmForm act={confirm} email={email} token={token} next={nextPath(next)} />
    </SignInShell>
  )
}
