import type { CSSProperties } from 'react'
import { Head, Html } from 'react-email'
import { Facts, Sections, Steps } from './blocks'
import { LeaseBar } from './lease-bar'
import { type Letter, subjectLine } from './letter'
import { Action, Address, Chip, Gap, Grid, Line, Link, Quote, Row, Rule, Words } from './parts'
import { color, font, sheet } from './style'
import { clean } from './words'

/** The mark, drawn with cells: nothing is fetched and nothing can be missing. */
function Mark() {
  const bit = (className: string, width: number, bg: string) => (
    <td
      className={className}
      width={width}
      height={3}
      style={{ width, height: 3, backgroundColor: bg, fontSize: 0, lineHeight: '3px' }}
    />
  )
  const box = {
    width: 22,
    height: 22,
    backgroundColor: color.ink,
    borderRadius: 6,
    fontSize: 0,
    lineHeight: 0,
  }
  return (
    <td className="mk" width={22} height={22} align="center" valign="middle" style={box}>
      <Grid align="center" style={{ margin: '0 auto' }}>
        <tr>
          {bit('mk1', 9, color.card)}
          {bit('mk2', 5, '#767670')}
        </tr>
      </Grid>
    </td>
  )
}

function Masthead({ org }: { org: string }) {
  return (
    <Row>
      <Grid width="100%">
        <tr>
          <td valign="middle">
            <Grid>
              <tr>
                <Mark />
                <td
                  className="ink"
                  style={{
                    paddingLeft: 9,
                    font: font(600, 15, 20),
                    letterSpacing: '-.01em',
                    color: color.ink,
                  }}
                >
                  Leasehold
                </td>
              </tr>
            </Grid>
          </td>
          <td align="right" className="ink3" style={{ font: font(400, 13, 20), color: color.ink3 }}>
            {clean(org)}
          </td>
        </tr>
      </Grid>
    </Row>
  )
}

/** The line an inbox shows; the spaces behind it keep the mail's first words out of that line. */
function Preview({ text }: { text: string }) {
  return (
    <div style={{ display: 'none', maxHeight: 0, overflow: 'hidden', msoHide: 'all' } as CSSProperties}>
      {clean(text)}
      {'\u00a0\u200c'.repeat(80)}
    </div>
  )
}

function Heading({ letter }: { letter: Letter }) {
  const style = {
    margin: 0,
    font: font(600, 23, 31),
    letterSpacing: '-.012em',
    color: color.ink,
    textWrap: 'balance',
  } as const
  return (
    <Row>
      <h1 className="ink" style={style}>
        <Words text={letter.heading} />
      </h1>
      {letter.lead && (
        <Line ink="ink2" top={10}>
          <Words text={letter.lead} />
        </Line>
      )}
    </Row>
  )
}

/** The button with what belongs to it. */
function Act({ letter }: { letter: Letter }) {
  const { action, link } = letter
  return (
    <>
      <Gap height={22} />
      <Action action={action} />
      {link && (
        <Row>
          <Line ink="ink2" size={14} top={12}>
            {link.before} <Link href={link.url}>{link.label}</Link>
          </Line>
        </Row>
      )}
    </>
  )
}

/** The others of several, below the button of the first. */
function Also({ also }: { also: NonNullable<Letter['also']> }) {
  return (
    <>
      <Gap height={16} />
      <Row>
        <Line ink="ink" strong>
          {also.title}
        </Line>
        {also.items.map(({ text, label, url }) => (
          <Line key={url} ink="ink2" top={4}>
            <Words text={text} />. <Link href={url}>{label}</Link>
          </Line>
        ))}
      </Row>
    </>
  )
}

function Foot({ letter }: { letter: Letter }) {
  const { foot, footLink } = letter
  return (
    <Grid width={600} style={{ width: '100%', maxWidth: 600 }}>
      <tr>
        <td
          className="px ink3"
          style={{ padding: '18px 40px 0', font: font(400, 12, 19), color: color.ink3 }}
        >
          <Words text={foot} />
          {footLink && (
            <>
              <br />
              <Link href={footLink.url}>{footLink.label}</Link>
            </>
          )}
        </td>
      </tr>
    </Grid>
  )
}

/** The card with everything the letter has, in one order for all mails. */
function Card({ letter, org }: { letter: Letter; org: string }) {
  const { action, quote, bar, sections, facts, steps, after } = letter
  const style = {
    width: '100%',
    maxWidth: 600,
    backgroundColor: color.card,
    border: `1px solid ${color.line}`,
    borderRadius: 12,
    borderCollapse: 'separate',
  } as const
  return (
    <Grid className="card" width={600} style={style}>
      <Gap height={28} />
      <Masthead org={org} />
      <Gap height={24} />
      <Chip chip={letter.chip} />
      <Gap height={14} />
      <Heading letter={letter} />
      {quote && <Gap height={18} />}
      {quote && <Quote quote={quote} />}
      {bar && <Gap height={20} />}
      {bar && <LeaseBar bar={bar} />}
      {!action.quiet && <Act letter={letter} />}
      {letter.also && <Also also={letter.also} />}
      {sections && <Rule />}
      {sections && <Sections sections={sections} />}
      {facts && facts.length > 0 && (
        <>
          {action.quiet || !sections ? <Gap height={12} /> : <Rule />}
          {!action.quiet && sections && <Gap height={9} />}
          <Facts facts={facts} />
        </>
      )}
      {steps && (
        <>
          <Rule />
          <Gap height={20} />
          <Steps steps={steps} />
        </>
      )}
      {after && (
        <>
          <Gap height={12} />
          <Row>
            <Line ink="ink2">
              <Words text={after} />
            </Line>
          </Row>
        </>
      )}
      {action.quiet && <Act letter={letter} />}
      <Address url={action.url} />
      <Gap height={32} />
    </Grid>
  )
}

/** A letter as an HTML mail: no pictures, nothing fetched, readable in every client and both themes. */
export function LetterMail({ letter, org }: { letter: Letter; org: string }) {
  return (
    <Html lang="en" dir="ltr">
      <Head>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no" />
        <title>{subjectLine(letter)}</title>
        <style>{sheet}</style>
      </Head>
      <body className="bg" style={{ margin: 0, backgroundColor: color.ground }}>
        <Preview text={letter.preview} />
        <Grid className="bg" width="100%" style={{ backgroundColor: color.ground }}>
          <tr>
            <td className="outer" align="center" style={{ padding: '28px 16px 36px' }}>
              <Card letter={letter} org={org} />
              <Foot letter={letter} />
            </td>
          </tr>
        </Grid>
      </body>
    </Html>
  )
}
