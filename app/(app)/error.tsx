'use client'

import { Accident, type AccidentProps } from '@/components/doors/accident'
import { PageFrame } from '@/components/shell/page-frame'

export default function PageError({ error, retry }: AccidentProps) {
  return (
    <PageFrame crumbs={[{ label: 'Trouble' }]}>
      <Accident error={error} retry={retry} />
    </PageFrame>
  )
}
