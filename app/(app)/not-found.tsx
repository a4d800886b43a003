import type { Metadata } from 'next'
import { NotHere } from '@/components/doors/not-here'
import { PageFrame } from '@/components/shell/page-frame'

export const metadata: Metadata = { title: 'Nothing here' }

export default function NotFound() {
  return (
    <PageFrame crumbs={[{ label: 'Nothing here' }]}>
      <NotHere />
    </PageFrame>
  )
}
