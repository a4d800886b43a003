import type { Route } from 'next'
import { redirect } from 'next/navigation'

/** What the address bar shows once the token is out of it; opened by itself it leads to the queue. */
export default function DecideWithoutToken() {
  redirect('/approvals' as Route)
}
