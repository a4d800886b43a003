import type { ReactNode } from 'react'

/** The head of a step: the question it answers. */
export function Question({ children, sub }: { children: ReactNode; sub: ReactNode }) {
  return (
    <>
      <h1 className="q" id="policy-question" tabIndex={-1}>
        {children}
      </h1>
      <p className="q-sub">{sub}</p>
    </>
  )
}
