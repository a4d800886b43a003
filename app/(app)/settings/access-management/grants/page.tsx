import type { Metadata } from 'next'
import { Grants } from './grants'

export const metadata: Metadata = { title: 'Access grants' }

export default async function GrantsPage({ searchParams }: PageProps<'/settings/access-management/grants'>) {
  return <Grants search={await searchParams} />
}
