import { EntitlementName } from '@/components/request/entitlement-name'
import type { Words } from '@/lib/policy-words'

/** A sentence of a policy: weighty words bold, wrong ones red. */
export function Sentence({ words }: { words: Words }) {
  return (
    <p>
      {words.map((piece, i) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one sentence in their order.
        if (typeof piece === 'string') return <span key={i}>{piece}</span>
        if ('b' in piece)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same.
            <b key={i}>
              <EntitlementName name={piece.b} />
            </b>
          )
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same.
          <span key={i} className="c-bad">
            {piece.bad}
          </span>
        )
      })}
    </p>
  )
}
