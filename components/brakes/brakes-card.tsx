import type { ReactNode } from 'react'

/** What one reaches for when something is wrong: what the brakes of a page do, and their buttons. */
export function BrakesCard({ words, children }: { words: string; children: ReactNode }) {
  return (
    <section className="card" aria-labelledby="brakes">
      <div className="card-head">
        <h2 className="card-title" id="brakes">
          Brakes
        </h2>
      </div>
      <div className="card-pad stack gap-3!">
        <p className="ink2">{words}</p>
        <div className="row flex-wrap">{children}</div>
      </div>
    </section>
  )
}
