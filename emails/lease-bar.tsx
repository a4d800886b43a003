import type { ReactNode } from 'react'
import type { Bar, Stretch } from './letter'
import { Grid, Row } from './parts'
import { color, font, stretches } from './style'
import { clean } from './words'

const BAR = 520

/** The lease bar: cells of a table, to scale. */
export function LeaseBar({ bar }: { bar: Bar }) {
  const drawn = bar.stretches.filter((stretch) => stretch.share > 0)
  // A stretch too short to see would say that nothing is left.
  const width = (stretch: Stretch) => Math.max(4, Math.round(stretch.share * BAR))
  const before = drawn[0] ? width(drawn[0]) : 0
  const words = { font: font(400, 12, 18), color: color.ink3, paddingBottom: 4 }
  const ends = { font: font(400, 13, 19), color: color.ink3, paddingTop: 8 }
  const cells: ReactNode[] = drawn.map((stretch, i) => {
    const left = i === 0 ? 4 : 0
    const right = i === drawn.length - 1 ? 4 : 0
    const style = {
      backgroundColor: stretches[stretch.tone],
      height: 8,
      lineHeight: '8px',
      fontSize: 0,
      borderRadius: `${left}px ${right}px ${right}px ${left}px`,
    }
    return (
      <td key={stretch.tone} className={`b-${stretch.tone}`} width={width(stretch)} height={8} style={style}>
        &nbsp;
      </td>
    )
  })
  if (bar.tick && drawn.length > 1) {
    const style = { backgroundColor: color.ink, height: 8, lineHeight: '8px', fontSize: 0 }
    cells.splice(
      1,
      0,
      <td key="tick" className="b-tick" width={2} height={8} style={style}>
        &nbsp;
      </td>,
    )
  }
  return (
    <Row>
      {bar.tick && (
        <Grid width="100%">
          <tr>
            {before > BAR / 2 ? (
              <>
                <td width={before + 2} align="right" className="ink3" style={words}>
                  {clean(bar.tick)}
                </td>
                <td width={BAR - before - 2} />
              </>
            ) : (
              <>
                <td width={before} />
                <td width={BAR - before} align="left" className="ink3" style={words}>
                  {clean(bar.tick)}
                </td>
              </>
            )}
          </tr>
        </Grid>
      )}
      <table role="img" aria-label={clean(bar.label)} width="100%" cellPadding={0} cellSpacing={0} border={0}>
        <tbody>
          <tr>{cells}</tr>
        </tbody>
      </table>
      <Grid width="100%">
        <tr>
          <td align="left" className="ink3" style={ends}>
            {clean(bar.left)}
          </td>
          <td align="right" className="ink" style={{ ...ends, font: font(600, 13, 19), color: color.ink }}>
            {clean(bar.right)}
          </td>
        </tr>
      </Grid>
    </Row>
  )
}
