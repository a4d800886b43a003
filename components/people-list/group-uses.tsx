import type { Route } from 'next'
import { Link } from '@/components/ui/link'
import type { GroupPlace, GroupUses } from '@/lib/people-views'

const POLICIES = '/settings/access-management/policies'
const APPLICATIONS = '/settings/access-management/applications'

/** Where a group is used, as terms and what they hold; nothing for what it is not used for. */
export function usesOf({ decides, asks, automatic, fulfils }: GroupUses) {
  return [
    { label: 'Decides under', places: decides, under: POLICIES },
    { label: 'May ask under', places: asks, under: POLICIES },
    { label: 'Agreed to by a rule of', places: automatic, under: POLICIES },
    { label: 'Gives and takes by hand on', places: fulfils, under: APPLICATIONS },
  ].filter((use) => use.places.length > 0)
}

/** The names of places, as links where one may open them. */
export function Places({
  places,
  under,
  linked,
}: {
  places: readonly GroupPlace[]
  under: string
  linked: boolean
}) {
  return places.map((place, i) => (
    <span key={place.id}>
      {i > 0 ? ', ' : ''}
      {linked ? <Link href={`${under}/${place.id}` as Route}>{place.name}</Link> : place.name}
    </span>
  ))
}
