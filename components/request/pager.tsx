import { LinkButton } from '@/components/ui/button'

/** Older and newer pages of one's own list. Nothing when there is one page. */
export function Pager({ path, page, more }: { path: string; page: number; more: boolean }) {
  if (page === 1 && !more) return null
  const at = (n: number) => {
    const join = path.includes('?') ? '&' : '?'
    return n === 1 ? path : `${path}${join}page=${n}`
  }
  return (
    <nav className="row mt-3" aria-label="Pages">
      {page > 1 ? (
        <LinkButton size="sm" icon="chevron-left" href={at(page - 1)}>
          Newer
        </LinkButton>
      ) : null}
      {more ? (
        <LinkButton size="sm" iconEnd="chevron-right" href={at(page + 1)}>
          Older
        </LinkButton>
      ) : null}
    </nav>
  )
}
