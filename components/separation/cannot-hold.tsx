import { AskHead } from '@/components/request/ask-parts'
import { ForWhom } from '@/components/request/for-whom'
import { LinkButton } from '@/components/ui/button'
import type { SeparationNotice } from '@/lib/separation-views'
import type { ApplicationView, EntitlementView } from '@/lib/views'
import { ConflictNotice } from './conflict-notice'

type CannotHoldProps = {
  form: {
    entitlement: EntitlementView
    application: ApplicationView
    beneficiary: { id: string; name: string } | null
  }
  people: readonly { id: string; name: string; team: string | null }[]
  notices: readonly SeparationNotice[]
}

/** Why this cannot be asked for beside what is held already; there is no form then. */
export function CannotHold({ form, people, notices }: CannotHoldProps) {
  return (
    <div className="rq">
      <div className="rq-main">
        <AskHead entitlement={form.entitlement} application={form.application} />
        <ForWhom people={people} beneficiary={form.beneficiary} />
        <ConflictNotice notices={notices} beneficiary={form.beneficiary} name={form.entitlement.name} />
        <div>
          <LinkButton href="/catalogue">Back to the catalogue</LinkButton>
        </div>
      </div>
    </div>
  )
}
