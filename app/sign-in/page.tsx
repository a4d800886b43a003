import type { Metadata, Route } from 'next'
import { redirect } from 'next/navigation'
import { HideToken } from '@/components/decide/hide-token'
import { SignInShell } from '@/components/shell/solo-shell'
import { DemoForm, LinkForm, ProviderForms } from '@/components/sign-in/sign-in-forms'
import { Icon } from '@/components/ui/icon'
import { Callout } from '@/components/ui/labels'
import { processNow } from '@/lib/clock'
import { nextPath, withoutToken } from '@/lib/next-path'
import { readSignInPage } from '@/lib/queries/sign-in'
import { currentViewer } from '@/lib/session'
import { signInTrouble } from '@/lib/sign-in-words'
import { asDemoPerson, sendLink, withProvider } from './actions'

export const metadata: Metadata = { title: 'Sign in' }

export default async function SignInPage({ searchParams }: PageProps<'/sign-in'>) {
  const query = await searchParams
  const next = nextPath(query.next)
  if (await currentViewer()) redirect(next as Route)
  const { organisation, providers, links, quarantined, people } = await readSignInPage()
  const shown = withoutToken(next)
  const trouble = signInTrouble(query.error)
  return (
    <SignInShell
      title="Sign in to Leasehold"
      sub={`${organisation ?? 'Your organisation'} lends access for as long as a job takes.`}
    >
      {shown === next ? null : (
        <HideToken path={`/sign-in?next=${encodeURIComponent(shown)}`} at={processNow().getTime()} />
      )}
      <div className="si-ways">
        {quarantined ? (
          <Callout tone="bad">
            Leasehold was restored from a backup, and everybody was signed out. Until an admin confirms that
            it may go on it only looks, and links are mailed to admins alone.
          </Callout>
        ) : null}
        {trouble ? (
          <Callout tone="warn" role="alert">
            {trouble}
          </Callout>
        ) : null}
        {next === '/' ? null : (
          <p className="callout si-next">
            <Icon name="arrow-right" />
            <span>After this you come back to the page you opened.</span>
          </p>
        )}
        {people ? <DemoForm act={asDemoPerson} next={next} people={people} /> : null}
        {people ? <p className="si-or">or</p> : null}
        <ProviderForms act={withProvider} providers={providers} next={next} />
        {links ? (
          <>
            {providers.length > 0 ? <p className="si-or">or</p> : null}
            <LinkForm act={sendLink} next={next} domain={people ? 'halden.example' : 'example.com'} />
          </>
        ) : null}
      </div>
    </SignInShell>
  )
}
