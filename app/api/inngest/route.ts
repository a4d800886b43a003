import { serve } from 'inngest/next'
import type { NextRequest } from 'next/server'
import { inngest } from '@/inngest/client'
import { functions } from '@/inngest/functions'
import { inngestDrives } from '@/lib/services/save'

export const maxDuration = 60

const served = serve({ client: inngest, functions, enableUnauthedSync: false })

/** The job engine's door: every method asks for its signature. Without a job engine there is no door. */
function door(answer: (request: NextRequest, context: unknown) => Promise<Response>) {
  return async (request: NextRequest): Promise<Response> => {
    if (!inngestDrives()) return new Response('Not found', { status: 404 })
    try {
      return await answer(request, undefined)
    } catch (error) {
      // A body that is no JSON is refused by its reader, before any signature is looked at.
      if (error instanceof SyntaxError) return new Response('Bad request', { status: 400 })
      throw error
    }
  }
}

export const GET = door(served.GET)
export const POST = door(served.POST)
export const PUT = door(served.PUT)
