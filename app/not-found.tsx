import type { Metadata } from 'next'
import { NotHere } from '@/components/doors/not-here'
import { SoloShell } from '@/components/shell/solo-shell'

export const metadata: Metadata = { title: 'Nothing here' }

export default function NotFound() {
  return (
    <SoloShell className="solo-notice">
      <NotHere />
    </SoloShell>
  )
}
