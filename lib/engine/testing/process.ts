/**
 * The engine alone in a process of its own, for tests that kill it. Where ACT says so, somebody acts in it first, as
 * they would by pressing a button on a page that this process serves; then it runs the loop on DATABASE_URL until told
 * to stop.
 */
import { database } from '@/db/client'
import { startLoop } from '@/lib/engine/loop'
import { act } from './act'

if (process.env.ACT) await act(database().db, JSON.parse(process.env.ACT))
process.send?.('up')
const loop = startLoop(database())
process.on('SIGTERM', () => {
  void loop.stop().then(() => process.exit(0))
})
