import type { Route } from 'next'
import { Link } from '@/components/ui/link'
import { Banner } from './banner'

/** On every page while this is a restored database that nobody confirmed. `href`: where an admin does, for whoever may. */
export function QuarantineBanner({ href }: { href: string | null }) {
  return (
    <Banner icon="octagon-alert" tone="bad">
      <b>Restored from a backup:</b> nothing is given, taken or mailed until an admin confirms.{' '}
      {href ? (
        <Link className="u" href={href as Route}>
          See what is different
        </Link>
      ) : (
        'What you see is as it was then, and you cannot change anything yet.'
      )}
    </Banner>
  )
}
