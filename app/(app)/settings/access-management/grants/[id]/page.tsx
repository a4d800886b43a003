import type { Metadata } from 'next'
import { OpenGrant } from '@/components/grants/open-grant'
import { Grants } from '../grants'

export const metadata: Metadata = { title: 'Grant details · Access grants' }

export default async function GrantPage({
  params,
  searchParams,
}: PageProps<'/settings/access-management/grants/[id]'>) {
  const { id } = await params
  return (
    <Grants search={await searchParams} grantId={id} open={(details) => <OpenGrant details={details} />} />
  )
}
