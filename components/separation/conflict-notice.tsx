import { EntitlementName } from '@/components/request/entitlement-name'
import { Callout } from '@/components/ui/labels'
import { firstName, nameList } from '@/lib/asking-words'
import type { SeparationNotice } from '@/lib/separation-views'

type NoticeProps = {
  notices: readonly SeparationNotice[]
  /** Whom it is for, where that is somebody else. */
  beneficiary: { readonly name: string } | null
  /** What would be asked for. */
  name: string
}

/** Whether a rule refuses it, so that there is nothing to ask for. */
export const isRefused = (notices: readonly SeparationNotice[]): boolean =>
  notices.some((notice) => notice.effect === 'refuse')

/** What separation of duties says before one asks: it cannot be asked for, or needs one more approval. */
export function ConflictNotice({ notices, beneficiary, name }: NoticeProps) {
  const shown = isRefused(notices) ? notices.filter((notice) => notice.effect === 'refuse') : notices
  if (shown.length === 0) return null
  return (
    <section aria-label="Separation of duties">
      <Callout tone="warn" icon="split">
        {shown.map((notice) => (
          <Notice
            key={`${notice.rule} ${notice.other.id}`}
            notice={notice}
            who={beneficiary ? firstName(beneficiary.name) : null}
            name={name}
          />
        ))}
      </Callout>
    </section>
  )
}

const yours = { held: 'You hold', agreed: 'You get later', asked: 'You asked already for' } as const
const theirs = { held: 'holds', agreed: 'gets later', asked: 'has a request already for' } as const

function Notice({ notice, who, name }: { notice: SeparationNotice; who: string | null; name: string }) {
  const { other, how, effect, reason, rule, deciders } = notice
  const wanted = <EntitlementName name={name} />
  const by = deciders.length > 0 ? `by ${nameList(deciders, 'or')}` : 'which nobody could give at present'
  return (
    <p>
      {who ? `${who} ${theirs[how]}` : yours[how]} <EntitlementName name={other.name} /> on{' '}
      {other.application}.{' '}
      {effect === 'refuse' ? (
        <>
          {wanted} may not be held together with it, by the rule “{rule}”:
        </>
      ) : (
        <>
          With it {wanted} needs one more approval, {by}, by the rule “{rule}”:
        </>
      )}{' '}
      {reason}
    </p>
  )
}
