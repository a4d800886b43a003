import { redirect } from 'next/navigation'

/** What the address bar shows once the token is out of it; opened by itself it leads to what one holds. */
export default function ExtendWithoutToken() {
  redirect('/')
}
