import { Link } from '@/components/ui/link'

/** The mark: a lease bar with its end. */
export function Mark() {
  return <span className="mark" aria-hidden="true" />
}

/** Mark and name, leading home. */
export function Brand({ organisation }: { organisation?: string }) {
  return (
    <Link className="side-brand" href="/">
      <Mark />
      Leasehold
      {organisation ? <small className="not-phone"> {organisation}</small> : null}
    </Link>
  )
}
