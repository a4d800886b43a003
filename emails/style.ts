/** The look of the mails: inline styles for every client, one style sheet for dark mode and phones. */

const SANS = "Geist,-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
const MONO = "'Geist Mono',ui-monospace,'SF Mono',Menlo,Consolas,monospace"

/** The `font` shorthand: one property, which every client keeps or drops as a whole. */
export const font = (weight: 400 | 600, size: number, line: number) => `${weight} ${size}px/${line}px ${SANS}`

/** The code face, at the size of what surrounds it. */
export const mono = { fontFamily: MONO, fontSize: '.92em', fontWeight: 'inherit' } as const

/** Light colours, inline; the style sheet below has the dark ones by class. */
export const color = {
  ground: '#f4f4f2',
  card: '#ffffff',
  line: '#e6e5e1',
  lineStrong: '#d3d2cc',
  ink: '#1b1b18',
  ink2: '#55544d',
  ink3: '#6b6a62',
  link: '#1f4fa3',
} as const

/** Chips: ground and ink, light. */
export const chips = {
  wait: { ground: '#efecfa', ink: '#5d4bb3' },
  warn: { ground: '#fdf1dc', ink: '#8a5300' },
  bad: { ground: '#fbe9e7', ink: '#b3261e' },
  off: { ground: '#efeeea', ink: '#55544d' },
  ok: { ground: '#e4f3ea', ink: '#1d6b3f' },
} as const

/** The stretches of the lease bar, light. */
export const stretches = {
  ok: '#1f4fa3',
  warn: '#c07a12',
  bad: '#b3261e',
  badsoft: '#e8b9b5',
  off: '#a3a298',
  rest: '#c3d0ea',
  restw: '#f3dcae',
  cut: '#e6e5e1',
} as const

const phone = `
.px{padding-left:20px!important;padding-right:20px!important}
.outer{padding-left:0!important;padding-right:0!important}
.card{border-radius:0!important;border-left:0!important;border-right:0!important}
.btnw{width:100%!important}
.btna{display:block!important}
.fk{display:block!important;width:auto!important;padding:11px 0 0!important}
.fv{display:block!important;border-top:0!important;padding:1px 0 11px!important}`

const dark = `
.bg{background:#0d0d0c!important}
.card{background:#191918!important;border-color:#2b2b28!important}
.ink{color:#f2f1ec!important}
.ink2{color:#b8b7ae!important}
.ink3{color:#a3a298!important}
.line{border-color:#2b2b28!important}
.quote{background:#232321!important}
.btn{background:#8fb4f5!important}
.btn .btna{color:#0e1726!important}
.btnq{border-color:#4a4a44!important}
.link{color:#8fb4f5!important}
.chip-wait{background:#262043!important;color:#b6a8f5!important}
.chip-warn{background:#35260d!important;color:#f0b65a!important}
.chip-bad{background:#3c1916!important;color:#f28b82!important}
.chip-off{background:#2b2b28!important;color:#b8b7ae!important}
.chip-ok{background:#13301f!important;color:#6fd39b!important}
.b-ok{background:#8fb4f5!important}
.b-warn{background:#f0b65a!important}
.b-bad{background:#f28b82!important}
.b-badsoft{background:#6e2f2a!important}
.b-off{background:#6b6a62!important}
.b-rest{background:#2f3d58!important}
.b-restw{background:#4a3512!important}
.b-cut{background:#2b2b28!important}
.b-tick{background:#f2f1ec!important}
.mk{background:#f2f1ec!important}
.mk1{background:#191918!important}
.mk2{background:#9c9a92!important}`

// The last line is for Outlook's apps, which recolour on their own.
/** The style sheet in the head. No `<`, `>` or quotes: it is written as plain text. */
export const sheet = `:root{color-scheme:light dark;supported-color-schemes:light dark}
body{margin:0;padding:0}
h1,p,a,.fk,.fv,.ink2{overflow-wrap:anywhere}
@media (max-width:620px){${phone}
}
@media (prefers-color-scheme:dark){${dark}
}
[data-ogsc] .ink{color:#f2f1ec!important} [data-ogsc] .ink2{color:#b8b7ae!important} [data-ogsb] .card{background:#191918!important}`
