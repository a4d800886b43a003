import { LetterMail } from './frame'
import { code, type Letter, plain, type Rich, rich, sentences } from './letter'
import { on, page, reader, warehouse } from './preview'
import type { WhoseAccountProps } from './props'
import { becauseWords, list, named } from './words'

const why: Record<WhoseAccountProps['why'], (email: string) => string> = {
  ambiguous: (email) => `More than one account there fits ${email}, and we never take the first.`,
  missing: (email) => `No account there answers to ${email}.`,
  address_changed: (email) => `The account we know does not answer to ${email}, the address of today.`,
  recycled: (email) => `${email} belongs to another account there than the one we know.`,
  taken: (email) => `The account that answers to ${email} is linked to somebody else.`,
}

/** To owners and admins: which account is this person's? */
export function whoseAccountLetter(props: WhoseAccountProps): Letter {
  const who = named(props.person)
  const where = named(props.application)
  const heading = rich`Which account on ${where} is ${who}’s?`
  const waits =
    props.waiting.length > 0 ? `${list(props.waiting)} waits for the answer` : 'What is agreed waits'
  return {
    subject: plain(heading),
    preview: `${why[props.why](named(props.email))} ${waits}.`,
    chip: { tone: 'wait', text: 'Waiting: whose account is it?' },
    heading,
    lead: why[props.why](named(props.email)),
    action: { label: 'Say which one', url: props.url },
    sections: [
      {
        title: 'Until then',
        body: `${waits}, and goes on at once when you say it. Whoever says it first is enough.`,
      },
      {
        title: 'Access that ends',
        body: 'Taking back waits for nobody: it goes by the account it was given to.',
      },
    ],
    ...(props.candidates.length > 0 && {
      facts: [{ label: 'In question', lines: props.candidates.map(line) }],
    }),
    foot: sentences(`You get this because ${becauseWords(props.because, props.application, '')}.`),
  }
}

function line({ name, email, proposed }: WhoseAccountProps['candidates'][number]): Rich {
  const rest = [email && named(email), proposed && 'named by the person themself'].filter(Boolean).join(', ')
  return rest ? rich`${code(name)}: ${rest}` : rich`${code(name)}`
}

export default function WhoseAccount(props: WhoseAccountProps) {
  return <LetterMail letter={whoseAccountLetter(props)} org={props.org} />
}

WhoseAccount.PreviewProps = {
  ...reader,
  application: warehouse.application,
  now: on('13T09:03'),
  person: 'Ana Oliveira',
  email: 'ana@halden.example',
  why: 'ambiguous',
  candidates: [{ name: 'ana' }, { name: 'ana_oliveira', email: 'ana@halden.example' }],
  waiting: ['prod_read'],
  because: 'owner',
  url: page('settings/access-management/applications/warehouse?section=accounts'),
} satisfies WhoseAccountProps
