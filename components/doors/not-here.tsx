import { LinkButton } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/labels'

/** Nothing is here, or nothing that this person may see: both look the same on purpose. */
export function NotHere() {
  return (
    <EmptyState
      icon="circle-help"
      heading="h1"
      title="There is nothing here for you"
      actions={
        <>
          <LinkButton variant="primary" href="/">
            Go home
          </LinkButton>
          <LinkButton href="/catalogue">See the catalogue</LinkButton>
        </>
      }
    >
      The address is wrong, the thing is gone, or it is not yours to see.
    </EmptyState>
  )
}
