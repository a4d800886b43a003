import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'

/** What became of a bulk decision. */
export type BulkResult = {
  decided: number
  /** "approved", "denied". */
  done: string
  refused: readonly { requestId: string; what: string; why: string }[]
}

/** Which of several were not decided, one by one, with the reason. Silent where all were. */
export function BulkNews({ result, onClose }: { result: BulkResult | null; onClose: () => void }) {
  if (!result || result.refused.length === 0) return null
  const { decided, done, refused } = result
  return (
    <div className="ap-news">
      <Callout tone="warn" role="status">
        <p>
          {decided} of {decided + refused.length} {done}. Not {done}:
        </p>
        <ul>
          {refused.map(({ requestId, what, why }) => (
            <li key={requestId}>
              <b className="b">{what}</b>: {why}
            </li>
          ))}
        </ul>
        <Button size="sm" className="mt-2" onClick={onClose}>
          Close
        </Button>
      </Callout>
    </div>
  )
}
