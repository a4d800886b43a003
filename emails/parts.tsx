import { type ComponentProps, Fragment, type ReactNode } from 'react'
import { Button } from 'react-email'
import { isTechnicalName } from '@/lib/technical-name'
import { type Letter, pieces, type Rich } from './letter'
import { chips, color, font, mono } from './style'
import { clean, cleanLines } from './words'

/** A table that only places things: Outlook knows no other way. */
export function Grid({ children, ...rest }: ComponentProps<'table'> & { children: ReactNode }) {
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} border={0} {...rest}>
      <tbody>{children}</tbody>
    </table>
  )
}

/** Empty height. */
export function Gap({ height }: { height: number }) {
  return (
    <tr>
      <td height={height} style={{ height, lineHeight: `${height}px`, fontSize: 0 }}>
        &nbsp;
      </td>
    </tr>
  )
}

/** One row of the card, inside its margins. */
export function Row({ children }: { children: ReactNode }) {
  return (
    <tr>
      <td className="px" style={{ padding: '0 40px' }}>
        {children}
      </td>
    </tr>
  )
}

/** A hairline across the card. */
export function Rule() {
  return (
    <>
      <Gap height={20} />
      <Row>
        <Grid width="100%">
          <tr>
            <td
              className="line"
              height={1}
              style={{ borderTop: `1px solid ${color.line}`, fontSize: 0, lineHeight: 0 }}
            >
              &nbsp;
            </td>
          </tr>
        </Grid>
      </Row>
    </>
  )
}

/** Keeps a time of day on one line with what leads to it. */
const tied = (text: string) => text.replace(/(at|today|\d|[A-Z][a-z]{2}) (?=\d\d:\d\d)/g, '$1\u00a0')

/** Running text, technical names in the code face. */
export function Words({ text }: { text: Rich }) {
  return pieces(text).map((piece, i) =>
    typeof piece === 'string' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces never move
      <Fragment key={i}>{tied(piece)}</Fragment>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces never move
      <span key={i} style={isTechnicalName(piece.code) ? mono : undefined}>
        {piece.code}
      </span>
    ),
  )
}

type Ink = 'ink' | 'ink2' | 'ink3'

/** A paragraph. */
export function Line(props: {
  ink: Ink
  size?: 13 | 14 | 15
  strong?: boolean
  top?: number
  children: ReactNode
}) {
  const { ink, size = 15, strong, top = 0, children } = props
  const line = size === 13 ? 20 : size === 14 ? 22 : 23
  const style = { margin: `${top}px 0 0`, font: font(strong ? 600 : 400, size, line), color: color[ink] }
  return (
    <p className={ink} style={style}>
      {children}
    </p>
  )
}

/** A link in running text. */
export function Link({ href, children }: { href: string; children: ReactNode }) {
  return (
    <a
      className="link"
      href={href}
      style={{ color: color.link, textDecoration: 'underline', overflowWrap: 'anywhere' }}
    >
      {children}
    </a>
  )
}

/** Where matters stand, in a few words. */
export function Chip({ chip }: { chip: Letter['chip'] }) {
  const { ground, ink } = chips[chip.tone]
  const style = {
    backgroundColor: ground,
    color: ink,
    font: font(600, 12, 18),
    padding: '3px 10px',
    borderRadius: 99,
  }
  return (
    <Row>
      <Grid>
        <tr>
          <td className={`chip-${chip.tone}`} style={style}>
            {clean(chip.text)}
          </td>
        </tr>
      </Grid>
    </Row>
  )
}

/** What a person wrote, line by line as they wrote it. */
export function Quote({ quote }: { quote: NonNullable<Letter['quote']> }) {
  return (
    <Row>
      <Grid width="100%">
        <tr>
          <td
            className="quote"
            style={{ backgroundColor: color.ground, borderRadius: 10, padding: '16px 18px' }}
          >
            <p
              className="ink"
              style={{ margin: 0, font: font(400, 16, 25), color: color.ink, overflowWrap: 'anywhere' }}
            >
              {cleanLines(quote.text).map((line, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines never move
                <Fragment key={i}>
                  {i > 0 && <br />}
                  {line}
                </Fragment>
              ))}
            </p>
            <Line ink="ink3" size={13} top={6}>
              {clean(quote.by)}
            </Line>
          </td>
        </tr>
      </Grid>
    </Row>
  )
}

/** The one button. */
export function Action({ action }: { action: Letter['action'] }) {
  const { label, url, quiet } = action
  const face = { display: 'inline-block', font: font(600, 15, 20), textDecoration: 'none', borderRadius: 8 }
  const loud = { ...face, padding: '13px 24px', color: '#ffffff' }
  const soft = { ...face, padding: '11px 22px', color: color.ink }
  const ground = quiet
    ? { border: `1px solid ${color.lineStrong}`, borderRadius: 8 }
    : { backgroundColor: color.link, borderRadius: 8 }
  return (
    <Row>
      <Grid className="btnw">
        <tr>
          <td className={quiet ? 'btnq' : 'btn'} align="center" style={ground}>
            <Button className={quiet ? 'btna ink' : 'btna'} href={url} style={quiet ? soft : loud}>
              {label}
            </Button>
          </td>
        </tr>
      </Grid>
      {action.note && (
        <Line ink="ink3" size={13} top={10}>
          {action.note}
        </Line>
      )}
    </Row>
  )
}

/** The address without its scheme, for those whose client shows no button. */
export function Address({ url }: { url: string }) {
  return (
    <Row>
      <Line ink="ink3" size={13} top={12}>
        Button not working? Open <Link href={url}>{url.replace(/^https?:\/\//, '')}</Link>
      </Line>
    </Row>
  )
}
