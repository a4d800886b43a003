'use client'

import { Button } from '@/components/ui/button'
import { Callout } from '@/components/ui/labels'

/** Unsaved work in this browser, while somebody else saved the policy: both are offered, neither is lost silently. */
export function LeftWork({ left, take }: { left: unknown; take: (keep: boolean) => void }) {
  if (!left) return null
  return (
    <div className="mb-5">
      <Callout tone="warn" role="status">
        <p className="b">Somebody saved this policy while you were writing</p>
        <p>What you see is theirs. What you had typed is still in this browser.</p>
        <div className="row mt-2">
          <Button size="sm" onClick={() => take(true)}>
            Use what I typed
          </Button>
          <Button size="sm" variant="ghost" onClick={() => take(false)}>
            Keep theirs
          </Button>
        </div>
      </Callout>
    </div>
  )
}
