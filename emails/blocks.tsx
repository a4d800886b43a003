import { Fragment } from 'react'
import { type Letter, plain } from './letter'
import { Gap, Grid, Line, Row, Words } from './parts'
import { color, font } from './style'
import { clean } from './words'

/** What happens if: a short title and its sentence, one below the other. */
export function Sections({ sections }: { sections: NonNullable<Letter['sections']> }) {
  return sections.map(({ title, body }, i) => (
    <Fragment key={title}>
      <Gap height={i ? 14 : 20} />
      <Row>
        <Line ink="ink" strong>
          {clean(title)}
        </Line>
        <Line ink="ink2" top={2}>
          <Words text={body} />
        </Line>
      </Row>
    </Fragment>
  ))
}

/** What one may want to know, in rows: label and value, below each other on a phone. */
export function Facts({ facts }: { facts: NonNullable<Letter['facts']> }) {
  return (
    <Row>
      <Grid width="100%">
        {facts.map(({ label, lines }, i) => {
          const top = i ? { borderTop: `1px solid ${color.line}` } : {}
          const face = { ...top, font: font(400, 14, 21) }
          return (
            <tr key={label}>
              <td
                className="line fk ink3"
                width={132}
                valign="top"
                style={{ ...face, padding: '11px 12px 11px 0', color: color.ink3 }}
              >
                {clean(label)}
              </td>
              <td
                className="line fv ink"
                valign="top"
                style={{ ...face, padding: '11px 0', color: color.ink, overflowWrap: 'anywhere' }}
              >
                {lines.map((line, j) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
                  <Fragment key={j}>
                    {j > 0 && <br />}
                    <Words text={line} />
                  </Fragment>
                ))}
              </td>
            </tr>
          )
        })}
      </Grid>
    </Row>
  )
}

/** What one can do, in the order of what helps most often. */
export function Steps({ steps }: { steps: NonNullable<Letter['steps']> }) {
  const face = { paddingTop: 6, font: font(400, 15, 23) }
  return (
    <Row>
      <Line ink="ink" strong>
        {steps.title}
      </Line>
      <Grid width="100%" style={{ marginTop: 4 }}>
        {steps.items.map((item, i) => (
          <tr key={plain(item)}>
            <td
              className="ink3"
              width={22}
              valign="top"
              style={{ ...face, font: font(600, 15, 23), color: color.ink3 }}
            >
              {i + 1}
            </td>
            <td className="ink2" valign="top" style={{ ...face, color: color.ink2 }}>
              <Words text={item} />
            </td>
          </tr>
        ))}
      </Grid>
    </Row>
  )
}
