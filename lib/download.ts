import 'server-only'
import { logUnknown } from './log'

/**
 * A file that is sent while it is made, so that its length costs no memory. What fails on the way is logged, and cuts
 * the download short: half a file must not look like a whole one. `type` is its media type.
 */
export function download(texts: AsyncGenerator<string>, file: { name: string; type: string }): Response {
  const encoder = new TextEncoder()
  let hungUp = false
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        // A pull that brings nothing is not asked again, so an empty text is passed over here.
        for (;;) {
          const { value, done } = await texts.next()
          // What was being made at that moment has nowhere to go.
          if (hungUp) return
          if (done) return controller.close()
          if (value) return controller.enqueue(encoder.encode(value))
        }
      } catch (error) {
        logUnknown(error, `making the file ${file.name}`)
        controller.error(error)
      }
    },
    async cancel() {
      hungUp = true
      await texts.return(undefined)
    },
  })
  return new Response(stream, {
    headers: {
      'content-type': file.type,
      'content-disposition': `attachment; filename="${file.name}"`,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    },
  })
}
