import type { Route } from 'next'
import { LinkButton } from '@/components/ui/button'
import { Link } from '@/components/ui/link'
import { askHref } from '@/lib/catalogue-picks'

/** What was picked so far, and the way to ask for all of it in one go. Stands at the foot of the catalogue. */
export function PickBar({ picks, clearHref }: { picks: readonly string[]; clearHref: string }) {
  if (picks.length === 0) return null
  return (
    <div className="pick-bar" role="status">
      <span className="b">{picks.length} chosen</span>
      <span className="grow" />
      <Link className="u" href={clearHref as Route} scroll={false}>
        Clear
      </Link>
      <LinkButton variant="primary" href={askHref(picks)}>
        {picks.length === 1 ? 'Ask for it' : `Ask for these ${picks.length}`}
      </LinkButton>
    </div>
  )
}
