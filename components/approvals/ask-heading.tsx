import { Button } from '@/components/ui/button'
import { askedTogether } from '@/lib/deciding-words'
import type { ToDecide } from '@/lib/views'

type HeadingProps = {
  /** Those of one ask, as they stand together. */
  items: readonly ToDecide[]
  selectable: readonly ToDecide[]
  picked: ReadonlySet<string>
  onSelect: (ids: readonly string[]) => void
}

/** Over what was asked in one go: that it was, and a way to decide on it together. */
export function AskHeading({ items, selectable, picked, onSelect }: HeadingProps) {
  const [first] = items
  if (!first || items.length < 2) return null
  const open = items.filter((i) => selectable.includes(i) && !picked.has(i.id))
  return (
    <li className="ap-ask">
      <b>{askedTogether(items.length, first.askerName)}</b>
      {first.askerId === first.personId ? null : <span>on behalf of {first.person.name}</span>}
      {open.length > 1 ? (
        <Button size="sm" variant="ghost" onClick={() => onSelect(open.map((i) => i.id))}>
          Select {open.length === items.length ? `all ${open.length}` : open.length}
        </Button>
      ) : null}
    </li>
  )
}
