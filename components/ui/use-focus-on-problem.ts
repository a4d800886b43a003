import { type RefObject, useEffect, useRef } from 'react'

/**
 * Puts the focus on the first field of a form that an answer finds something wrong with. It looks once the answer
 * stands on the page: a frame after it came may be too early on a slow machine.
 */
export function useFocusOnProblem(answer: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per answer.
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [answer])
  return form
}
