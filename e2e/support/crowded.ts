import type { Page } from '@playwright/test'

/** A text on the page, and the boxes of its lines as far as they can be seen. */
interface Seen {
  readonly text: string
  readonly boxes: readonly DOMRect[]
}

/**
 * What cannot be read for want of room: texts that lie over each other, and texts of a few letters a line. What floats
 * over the page (drawers, bars) covers others on purpose and is left out.
 * @returns one line for each problem
 */
export function crowded(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    /** A line's box reaches into its neighbours' a little, where lines are close. */
    const NEAR = 0.2
    function floating(element: Element | null): boolean {
      if (!element) return false
      const { position, zIndex } = getComputedStyle(element)
      const layered = position === 'fixed' || position === 'sticky' || Number(zIndex) > 1
      return layered || floating(element.parentElement)
    }

    function cut(box: DOMRect, element: Element | null): DOMRect | null {
      if (!element) return box
      const style = getComputedStyle(element)
      let { left, top, right, bottom } = box
      if (style.overflow !== 'visible' || style.clipPath !== 'none') {
        const frame = element.getBoundingClientRect()
        left = Math.max(left, frame.left)
        top = Math.max(top, frame.top)
        right = Math.min(right, frame.right)
        bottom = Math.min(bottom, frame.bottom)
      }
      if (right - left < 3 || bottom - top < 3) return null
      return cut(new DOMRect(left, top, right - left, bottom - top), element.parentElement)
    }

    const seen: Seen[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement
      const text = node.textContent?.trim() ?? ''
      if (!parent || !text || floating(parent)) continue
      if (!parent.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue
      const range = document.createRange()
      range.selectNodeContents(node)
      const boxes = [...range.getClientRects()]
        .map((box) =>
          cut(new DOMRect(box.x, box.y + box.height * NEAR, box.width, box.height * (1 - 2 * NEAR)), parent),
        )
        .filter((box) => box !== null)
      if (boxes.length > 0) seen.push({ text: text.slice(0, 40), boxes })
    }

    const over = (a: DOMRect, b: DOMRect) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1
    const found: string[] = []
    for (const [at, one] of seen.entries()) {
      if (one.boxes.length > 5 && one.boxes.every((box) => box.width < 50))
        found.push(`“${one.text}” is squeezed`)
      for (const other of seen.slice(at + 1))
        if (one.boxes.some((a) => other.boxes.some((b) => over(a, b))))
          found.push(`“${one.text}” and “${other.text}” lie over each other`)
    }
    return found
  })
}
