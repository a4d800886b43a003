import type { Route } from 'next'
import { Icon } from '@/components/ui/icon'
import { Link } from '@/components/ui/link'
import { formatClock } from '@/lib/format'
import type { LostMails as View } from '@/lib/mail-views'

/** The mails that did not arrive lately: to whom, about what, and what the mail server said. Nothing without one. */
export function LostMails({ view, now, zone }: { view: View; now: Date; zone: string }) {
  if (view.lately === 0) return null
  return (
    <section className="card mt-4" aria-labelledby="lost-mails">
      <div className="card-head">
        <h2 className="card-title" id="lost-mails">
          Mail that did not arrive
        </h2>
        <span className="hint num">{view.lately} in 30 days</span>
      </div>
      <ul className="lost-mails">
        {view.mails.map((mail) => (
          <li key={mail.id}>
            <Icon name="bell-off" size={14} className="c-bad" />
            <span className="cell2">
              <span className="b">
                {mail.about ? <Link href={mail.about as Route}>{mail.subject}</Link> : mail.subject}
              </span>
              <small>
                To {mail.to === mail.address ? mail.to : `${mail.to}, ${mail.address}`},{' '}
                {formatClock(mail.at, zone, now)}
              </small>
              <small>{mail.why}</small>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
