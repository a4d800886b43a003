/** The engine alone in a process of its own, for tests that kill it: runs the loop on DATABASE_URL until told to stop. */
import { database } from '@/db/client'
import { startLoop } from '@/lib/engine/loop'

const loop = startLoop(database())
process.on('SIGTERM', () => {
  void loop.stop().then(() => process.exit(0))
})
