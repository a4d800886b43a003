import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'

/** What became of a decision on several lines. */
export type News = {
  readonly decided: number
  readonly refused: readonly { lineId: string; what: string; why: string }[]
  /** What was wrong with all of it. */
  readonly problem: string | null
}

/** Which lines were not decided, one by one, with the reason. Silent where all were. */
export function LinesNews({ news, onClose }: { news: News | null; onClose: () => void }) {
  if (!news) return null
  const { decided, refused, problem } = news
  return (
    <Callout tone="warn" role="status">
      <p>{problem ?? `${decided} of ${decided + refused.length} decided. Not decided:`}</p>
      <ul className="ar-list">
        {refused.map(({ lineId, what, why }) => (
          <li key={lineId}>
            <b className="b">{what}</b>: {why.replace(/\.?$/, '.')}
          </li>
        ))}
      </ul>
      <Button size="sm" variant="ghost" onClick={onClose}>
        Close
      </Button>
    </Callout>
  )
}
