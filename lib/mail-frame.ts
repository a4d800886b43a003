const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

/** A mail's HTML for a sandboxed frame: it loads nothing and runs nothing, and its links open the whole page. */
export function mailFrame(html: string): string {
  const head = `<meta http-equiv="Content-Security-Policy" content="${POLICY}"><base target="_top">`
  const at = /<head\b[^>]*>/i.exec(html)
  if (!at) return head + html
  const end = at.index + at[0].length
  return html.slice(0, end) + head + html.slice(end)
}
