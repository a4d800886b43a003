import { once } from 'node:events'
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/**
 * Takes every mail the product sends and shows them over HTTP: GET / answers all of them as JSON, oldest
 * first, `?to=address` only those of one person; DELETE / forgets them.
 * @param {{ smtpPort: number, httpPort: number }} ports
 * @returns {Promise<() => void>} closes both servers
 */
export async function startMailCapture({ smtpPort, httpPort }) {
  const mails = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    // Whoever comes with a password is let in with it.
    onAuth: ({ username }, _session, done) => done(null, { user: username }),
    onData(stream, session, done) {
      const recipients = session.envelope.rcptTo.map(({ address }) => address.toLowerCase())
      buffer(stream)
        .then((raw) => PostalMime.parse(raw))
        .then((mail) => {
          mails.push(readable(mail, recipients))
          done()
        })
        .catch(done)
    },
  })
  const http = createServer((request, response) => {
    if (request.method === 'DELETE') mails.length = 0
    const to = new URL(request.url, 'http://localhost').searchParams.get('to')?.toLowerCase()
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(to ? mails.filter((mail) => mail.to.includes(to)) : mails))
  })
  smtp.listen(smtpPort, '127.0.0.1')
  http.listen(httpPort, '127.0.0.1')
  await Promise.all([once(smtp.server, 'listening'), once(http, 'listening')])
  return () => {
    smtp.close()
    http.close()
  }
}

function readable(mail, to) {
  return {
    to,
    from: mail.from?.address,
    subject: mail.subject,
    messageId: mail.messageId,
    html: mail.html,
    text: mail.text,
    attachments: mail.attachments.map(({ filename, mimeType }) => ({ filename, mimeType })),
  }
}
