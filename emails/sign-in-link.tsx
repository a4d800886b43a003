import { LetterMail } from './frame'
import { type Letter, rich } from './letter'
import { on, page, reader } from './preview'
import type { SignInLinkProps } from './props'
import { about, named, times } from './words'

/** To whoever typed this address into the sign-in page. Says nothing about whether it is known to us. */
export function signInLinkLetter(props: SignInLinkProps): Letter {
  const t = times(props)
  const org = named(props.org)
  const left = about(props.expiresAt.getTime() - props.now.getTime())
  const until = `until ${t.clock(props.expiresAt)} ${t.zone(props.expiresAt)}`
  return {
    subject: `Sign in to Leasehold at ${org}, link valid ${until}`,
    preview: `It works once, ${until}.`,
    chip: { tone: 'wait', text: `Works once · until ${t.clock(props.expiresAt)}` },
    heading: `Sign in to Leasehold at ${org}`,
    lead: rich`Somebody, most likely you, asked to sign in with this address. The link works once, ${until}: ${left} after we sent this.`,
    action: {
      label: 'Open sign-in page',
      url: props.url,
      note: 'This only opens a page. You are signed in when you press its button.',
    },
    sections: [
      {
        title: 'If it was not you',
        body: 'Do nothing. Nobody is signed in without this mail, and the link stops working by itself. Do not pass it on.',
      },
    ],
    foot: 'You get this because this address was typed into the sign-in page.',
  }
}

export default function SignInLink(props: SignInLinkProps) {
  return <LetterMail letter={signInLinkLetter(props)} org={props.org} />
}

SignInLink.PreviewProps = {
  ...reader,
  now: on('12T12:58'),
  url: page('sign-in/confirm?token=7dKq2'),
  expiresAt: on('12T13:13'),
} satisfies SignInLinkProps
