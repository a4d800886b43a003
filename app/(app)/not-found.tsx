import type { Metadata } from 'next'
import { NotHere } from '@/components/doors/not-here'
import { TabTitle } from '@/components/doors/tab-title'
import { PageFrame } from '@/components/shell/page-frame'

export const metadata: Metadata = { title: 'Nothing here' }

export default function NotFound() {
  return (
    <PageFrame crumbs={[{ label: 'Nothing here' }]}>
      <TabTitle>Nothing here</TabTitle>
      <NotHere />
    </PageFrame>
  )
}
