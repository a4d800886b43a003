'use client'

import { Accident, type AccidentProps } from '@/components/doors/accident'
import { SoloShell } from '@/components/shell/solo-shell'

export default function PageError({ error, retry }: AccidentProps) {
  return (
    <SoloShell className="solo-notice">
      <Accident error={error} retry={retry} />
    </SoloShell>
  )
}
