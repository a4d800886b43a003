import type { ReactNode } from 'react'

/**
 * A mark of our own for every kind of system: lines in the text's colour over one paler shape. They say what a system
 * is for and are nobody's logo. Kept here alone, by connector id; an id that is not here has the plug.
 */
const marks: Record<string, ReactNode> = {
  // A drum of data, and the role on it.
  postgres: (
    <>
      <path className="tone" d="M5 6.5c0 1.7 3.1 3 7 3s7-1.3 7-3V17c0 1.7-3.1 3-7 3s-7-1.3-7-3z" />
      <ellipse cx="12" cy="6.5" rx="7" ry="3" />
      <path d="M5 6.5V17c0 1.7 3.1 3 7 3s7-1.3 7-3V6.5M5 11.8c0 1.7 3.1 3 7 3s7-1.3 7-3" />
    </>
  ),
  // A message that is answered.
  webhook: (
    <>
      <circle className="tone" cx="5.5" cy="12" r="3" />
      <circle className="tone" cx="18.5" cy="12" r="3" />
      <circle cx="5.5" cy="12" r="3" />
      <circle cx="18.5" cy="12" r="3" />
      <path d="M7.5 8.5C10 5.5 14 5.5 16.5 8.5M16.5 5.5v3h-3M16.5 15.5c-2.5 3-6.5 3-9 0M7.5 18.5v-3h3" />
    </>
  ),
  // A tree of names.
  ldap: (
    <>
      <rect className="tone" x="9" y="3" width="6" height="5" rx="1.2" />
      <rect x="9" y="3" width="6" height="5" rx="1.2" />
      <path d="M12 8v4M5.5 16v-2.5c0-.8.7-1.5 1.5-1.5h10c.8 0 1.5.7 1.5 1.5V16M12 12v4" />
      <rect x="3.5" y="16" width="4" height="4.5" rx="1" />
      <rect x="10" y="16" width="4" height="4.5" rx="1" />
      <rect x="16.5" y="16" width="4" height="4.5" rx="1" />
    </>
  ),
  // The same card on both sides.
  scim: (
    <>
      <rect className="tone" x="3" y="4" width="10" height="8" rx="1.5" />
      <rect x="3" y="4" width="10" height="8" rx="1.5" />
      <rect x="11" y="12" width="10" height="8" rx="1.5" />
      <path d="M6 8h4M14 16h4M16.5 5c1.7 0 2.5.8 2.5 2.5V9M17.5 7.8 19 9.3l1.5-1.5M7.5 19C5.8 19 5 18.2 5 16.5V15M3.5 16.2 5 14.7l1.5 1.5" />
    </>
  ),
  // People under one cloud.
  jumpcloud: (
    <>
      <path className="tone" d="M7 12.5a3.5 3.5 0 0 1 .4-7A5 5 0 0 1 17 6.6a3 3 0 0 1 0 5.9z" />
      <path d="M7 12.5a3.5 3.5 0 0 1 .4-7A5 5 0 0 1 17 6.6a3 3 0 0 1 0 5.9z" />
      <path d="M6 20.5c0-1.6.9-2.5 2-2.5s2 .9 2 2.5M14 20.5c0-1.6.9-2.5 2-2.5s2 .9 2 2.5" />
      <circle cx="8" cy="15.6" r="1" />
      <circle cx="16" cy="15.6" r="1" />
    </>
  ),
  // A badge on its band.
  okta: (
    <>
      <path d="M9 3l3 5 3-5" />
      <rect className="tone" x="5.5" y="8" width="13" height="13" rx="2" />
      <rect x="5.5" y="8" width="13" height="13" rx="2" />
      <circle cx="12" cy="13" r="2" />
      <path d="M8.5 18.5c.5-1.7 1.8-2.5 3.5-2.5s3 .8 3.5 2.5" />
    </>
  ),
  // A door with its lock.
  entra: (
    <>
      <path className="tone" d="M8 21V5.5L16 3v18z" />
      <path d="M4.5 21h15M8 21V5.5L16 3v18M16 6h2.5v15" />
      <circle cx="13" cy="12.5" r="1" />
    </>
  ),
  // A branch that comes back.
  github: (
    <>
      <circle className="tone" cx="7" cy="5.5" r="2.3" />
      <circle className="tone" cx="17" cy="9" r="2.3" />
      <circle cx="7" cy="5.5" r="2.3" />
      <circle cx="17" cy="9" r="2.3" />
      <circle cx="7" cy="18.5" r="2.3" />
      <path d="M7 7.8v8.4M17 11.3c0 3-3 3.7-6.5 4.2-1.7.3-2.7.7-3.2 1.2" />
    </>
  ),
  // A list that somebody ticks.
  'by-hand': (
    <>
      <rect className="tone" x="5" y="4.5" width="14" height="16" rx="2" />
      <rect x="5" y="4.5" width="14" height="16" rx="2" />
      <path d="M9 3h6v3H9zM8.5 11l1.2 1.2 2-2.2M8.5 16.2l1.2 1.2 2-2.2M14 11.5h2M14 16.5h2" />
    </>
  ),
}

const plug = (
  <>
    <path className="tone" d="M6.5 9h11v3a5.5 5.5 0 0 1-11 0z" />
    <path d="M6.5 9h11v3a5.5 5.5 0 0 1-11 0zM9.5 9V4M14.5 9V4M12 17.5V21" />
  </>
)

/** The mark of a kind of system. Decoration: its name always stands beside it. */
export function ConnectorMark({ id }: { id: string }) {
  return (
    <span className="conn-mark" aria-hidden="true">
      {/* biome-ignore lint/a11y/noSvgWithoutTitle: hidden from readers by the frame around it. */}
      <svg viewBox="0 0 24 24" width="22" height="22">
        {Object.hasOwn(marks, id) ? marks[id] : plug}
      </svg>
    </span>
  )
}
