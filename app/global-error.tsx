'use client'

import { Accident, type AccidentProps } from '@/components/doors/accident'
import './globals.css'

/** When even the frame could not be drawn: brings its own, and reads nothing. */
export default function GlobalError({ error, retry }: AccidentProps) {
  return (
    <html lang="en">
      <body>
        <title>Trouble · Leasehold</title>
        <main className="si">
          <Accident error={error} retry={retry} />
        </main>
      </body>
    </html>
  )
}
