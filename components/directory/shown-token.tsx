'use client'

import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Callout } from '@/components/ui/labels'
import { CopyLine } from './copy-line'

type Props = { token: string | null; onClose: () => void }

/** A new token, this once: it is stored nowhere. */
export function ShownToken({ token, onClose }: Props) {
  return (
    <Dialog
      title="The new token"
      description="Paste it into the identity provider now."
      open={token !== null}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      actions={
        <Button variant="primary" onClick={onClose}>
          I have it
        </Button>
      }
    >
      <div className="stack">
        <CopyLine label="Token" text={token ?? ''} done="Token copied" />
        <Callout tone="warn">
          It is shown this once and stored nowhere. Whoever has it can make, change and deactivate everybody
          here; keep it like an admin’s password.
        </Callout>
      </div>
    </Dialog>
  )
}
