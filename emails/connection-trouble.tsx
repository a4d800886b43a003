import { LetterMail } from './frame'
import { code, type Letter, plain, type Rich, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { ConnectionTroubleProps } from './props'
import { becauseWords, list, named, reference, sentence, times } from './words'

type Why = ConnectionTroubleProps['why']

/** To the owners of an application, or to admins: its connection needs somebody. */
export function connectionTroubleLetter(props: ConnectionTroubleProps): Letter {
  const t = times(props)
  const where = named(props.application)
  const headings: Record<Why, Rich> = {
    credentials: rich`${where} does not accept our credentials any more`,
    'switched-off': rich`${where} has switched its connection off`,
    'others-moved': rich`In ${where} other members moved while one was changed`,
    failing: rich`${where} has failed every test for an hour`,
  }
  const gives: Record<Why, string> = {
    credentials: 'It waits, and is tried again at least every 15 minutes until its latest start.',
    'switched-off': 'It is not given: the connection is paused until an admin resumes it.',
    'others-moved': 'It goes on being given. Pause the connection if that must not be.',
    failing: 'It waits, and is tried again at least every 15 minutes until its latest start.',
  }
  const steps: Record<Why, Rich[]> = {
    credentials: [
      `Have an admin save new credentials for ${where}. Everything that waits is tried again at once.`,
      'Then test the connection on its page.',
    ],
    'switched-off': [
      `Find out on ${where} why, and have it switched on again there.`,
      'Then have an admin resume the connection on its page.',
    ],
    'others-moved': [
      `Compare the members in ${where} with who should be there, and put back whoever was lost.`,
      'If nobody else changed them at that moment, pause the connection and tell whoever runs that system.',
      'Then test the connection on its page.',
    ],
    failing: [
      `See whether ${where} is up, and whether it can be reached from here.`,
      'Test the connection on its page. When a test succeeds, everything that waits is tried again at once.',
    ],
  }
  const unsure = props.why === 'others-moved' || props.why === 'failing'
  return {
    subject: `Needs attention: ${plain(headings[props.why])}`,
    preview: `${unsure ? '' : 'New access cannot be given there. '}${named(sentence(props.answer), 120)}`,
    chip: { tone: 'bad', text: `Needs attention · since ${t.until(props.since)}` },
    heading: headings[props.why],
    lead: 'You are told once; its page shows when it is over.',
    action: { label: 'See the connection', url: props.url },
    sections: [
      { title: 'New access', body: gives[props.why] },
      {
        title: 'Access that ends',
        body: 'Taking back goes on being tried. Where it fails, a mail of its own says so.',
      },
    ],
    facts: [
      { label: 'Since', lines: [`${t.full(props.since)}, ${t.zone(props.since)}`] },
      { label: 'Answer', lines: [[code(props.answer, 300)]] },
    ],
    steps: { title: 'What you can do', items: steps[props.why] },
    foot: sentences(
      `You get this because ${becauseWords(props.because, props.application, '')}.`,
      props.alsoTold.length > 0 && `${list(props.alsoTold)} got it too.`,
      `Times are ${t.zone(props.since)}.`,
      reference(props),
    ),
  }
}

export default function ConnectionTrouble(props: ConnectionTroubleProps) {
  return <LetterMail letter={connectionTroubleLetter(props)} org={props.org} />
}

ConnectionTrouble.PreviewProps = {
  ...reader,
  application: warehouse.application,
  now: on('13T13:02'),
  why: 'credentials',
  answer: 'warehouse-db.halden.example refuses our signature (401).',
  since: on('13T13:02'),
  alsoTold: ['Jun Sato'],
  because: 'owner',
  url: page('settings/access-management/applications/warehouse'),
} satisfies ConnectionTroubleProps
