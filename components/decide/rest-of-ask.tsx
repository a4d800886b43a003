import type { Route } from 'next'
import { EntitlementName } from '@/components/request/entitlement-name'
import { Link } from '@/components/ui/link'
import { firstName } from '@/lib/asking-words'
import type { SameAsk } from '@/lib/views'

/** What else was asked for in the same go and waits for the reader. */
export function RestOfAsk({ rest, askerName }: { rest: readonly SameAsk[]; askerName: string }) {
  if (rest.length === 0) return null
  return (
    <div className="rest-ask">
      <h2 className="lbl">
        {firstName(askerName)} asked in the same go for {rest.length === 1 ? 'this as well' : 'these as well'}
      </h2>
      <ul>
        {rest.map((r) => (
          <li key={r.id}>
            <Link className="u" href={`/requests/${r.id}` as Route}>
              <EntitlementName name={r.name} /> on {r.application}
            </Link>
          </li>
        ))}
      </ul>
      {rest.length > 1 ? (
        <p className="quiet mt-1">
          <Link className="u" href={'/approvals' as Route}>
            Decide on them together
          </Link>
        </p>
      ) : null}
    </div>
  )
}
