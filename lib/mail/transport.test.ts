import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, describe, expect, it } from 'vitest'
import { deliver, type MailTransport, type OutgoingMail, transportFrom } from './transport'

const mail: OutgoingMail = {
  from: 'Leasehold at Halden <access@halden.example>',
  to: 'ana@halden.example',
  subject: 'Your prod_read on Data warehouse ends today at 14:03',
  html: '<p>It ends today at 14:03.</p>',
  text: 'It ends today at 14:03.\n',
  messageId: '<notice.G-1187.0@halden.example>',
  idempotencyKey: 'notice/G-1187/0',
  attachments: [
    { filename: 'ends.ics', contentType: 'text/calendar; charset=utf-8', content: 'BEGIN:VCALENDAR\r\n' },
  ],
}

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

const portOf = (server: { address(): AddressInfo | string | null }) => (server.address() as AddressInfo).port

type Seen = { path?: string; headers: IncomingHttpHeaders; body: Record<string, unknown> }

/** A server that answers like Resend, and remembers what it was asked. */
async function resend(status: number, answer: unknown, headers: Record<string, string> = {}) {
  const seen: Seen[] = []
  const server: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      seen.push({ path: request.url, headers: request.headers, body: JSON.parse(body) })
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanups.push(() => {
    server.closeAllConnections()
    return new Promise((done) => server.close(done))
  })
  const transport: MailTransport = {
    kind: 'resend',
    apiKey: 're_canary_0123456789',
    baseUrl: `http://127.0.0.1:${portOf(server)}/`,
  }
  return { seen, transport }
}

/** A real SMTP server on the loopback; `said` holds the messages it took. */
async function smtp(options: SMTPServerOptions = {}, query = '', credentials = '') {
  const said: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData(stream, _session, done) {
      let raw = ''
      stream.on('data', (chunk) => {
        raw += chunk
      })
      stream.on('end', () => {
        said.push(raw)
        done()
      })
    },
    ...options,
  })
  // The client hanging up in the middle is not this test's business.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  cleanups.push(() => new Promise((done) => server.close(() => done(undefined))))
  const url = `smtp://${credentials}127.0.0.1:${portOf(server.server)}${query}`
  return { said, transport: { kind: 'smtp', url } satisfies MailTransport }
}

const refusal = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })

describe('Resend', () => {
  it('sends once per key: the key travels as a header, the mail as it is', async () => {
    const { seen, transport } = await resend(200, { id: 'em_1' })
    expect(await deliver(mail, transport)).toEqual({ state: 'sent', providerId: 'em_1' })
    expect(await deliver(mail, transport)).toEqual({ state: 'sent', providerId: 'em_1' })
    expect(
      seen.map(({ path, headers }) => [path, headers['idempotency-key'], headers.authorization]),
    ).toEqual([
      ['/emails', 'notice/G-1187/0', 'Bearer re_canary_0123456789'],
      ['/emails', 'notice/G-1187/0', 'Bearer re_canary_0123456789'],
    ])
    const { from, to, subject, html, text, attachments, headers } = seen[0]!.body
    expect({ from, subject, html, text, to }).toEqual({
      from: mail.from,
      subject: mail.subject,
      html: mail.html,
      text: mail.text,
      to: ['ana@halden.example'],
    })
    const [file] = attachments as { content: string; filename: string; content_type: string }[]
    expect(file).toMatchObject({ filename: 'ends.ics', content_type: 'text/calendar; charset=utf-8' })
    expect(Buffer.from(file!.content, 'base64').toString()).toBe('BEGIN:VCALENDAR\r\n')
    expect(headers).toMatchObject({ 'Auto-Submitted': 'auto-generated', 'X-Entity-Ref-ID': mail.messageId })
  })

  it.each([
    [422, 'validation_error', true, undefined],
    [400, 'missing_required_field', true, undefined],
    [409, 'invalid_idempotent_request', true, undefined],
    [409, 'concurrent_idempotent_requests', false, undefined],
    [422, 'invalid_from_address', false, 900_000],
    [401, 'invalid_api_key', false, 900_000],
    [403, 'validation_error', false, 900_000],
    [429, 'daily_quota_exceeded', false, 3_600_000],
    [500, 'internal_server_error', false, undefined],
  ])('takes %i %s as permanent: %s', async (statusCode, name, permanent, retryAfterMs) => {
    const { transport } = await resend(statusCode, { statusCode, name, message: 'No.' })
    const error = `${name}: No.`
    expect(await deliver(mail, transport)).toEqual({
      state: 'failed',
      permanent,
      error,
      ...(retryAfterMs && { retryAfterMs }),
    })
  })

  it('waits as long as it is asked to, but never longer than an hour', async () => {
    const limit = { statusCode: 429, name: 'rate_limit_exceeded', message: 'Slow down' }
    const short = await resend(429, limit, { 'retry-after': '7' })
    expect(await deliver(mail, short.transport)).toMatchObject({ permanent: false, retryAfterMs: 7_000 })
    const long = await resend(429, limit, { 'retry-after': '999999' })
    expect(await deliver(mail, long.transport)).toMatchObject({ permanent: false, retryAfterMs: 3_600_000 })
  })

  it('tries again after rubbish, and after no answer at all', async () => {
    const { transport } = await resend(502, '<html>bad gateway</html>')
    expect(await deliver(mail, transport)).toMatchObject({ state: 'failed', permanent: false })
    const closed = createServer().listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const baseUrl = `http://127.0.0.1:${portOf(closed)}`
    await new Promise((done) => closed.close(done))
    const nobody = await deliver(mail, { kind: 'resend', apiKey: 're_canary_0123456789', baseUrl })
    expect(nobody).toMatchObject({ state: 'failed', permanent: false })
  })

  it('never repeats the key in an error', async () => {
    const message = 'The key re_canary_0123456789 is unknown\r\nX-Evil: 1'
    const { transport } = await resend(401, { statusCode: 401, name: 'invalid_api_key', message })
    const result = await deliver(mail, transport)
    expect(result).toMatchObject({ error: 'invalid_api_key: The key … is unknown X-Evil: 1' })
  })
})

describe('SMTP', () => {
  it('keeps the Message-ID over all tries, and says that nobody should answer automatically', async () => {
    const { said, transport } = await smtp()
    expect(await deliver(mail, transport)).toMatchObject({ state: 'sent' })
    expect(await deliver(mail, transport)).toMatchObject({ state: 'sent' })
    expect(said).toHaveLength(2)
    for (const raw of said) {
      expect(raw.match(/^Message-ID: .*$/gim)).toEqual(['Message-ID: <notice.G-1187.0@halden.example>'])
      expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
      expect(raw).toMatch(/^To: ana@halden\.example\r$/m)
      expect(raw).toMatch(/^Content-Type: text\/calendar;/m)
      expect(raw).toContain('It ends today at 14:03.')
    }
  })

  it.each([
    ['recipient', 550, true],
    ['recipient', 450, false],
    ['data', 554, true],
    ['data', 451, false],
  ] as const)('maps a refusal of the %s with %i to permanent: %s', async (stage, code, permanent) => {
    const { transport } = await smtp({
      onRcptTo: (_address, _session, done) =>
        done(stage === 'recipient' ? refusal(code, 'Not now') : undefined),
      onData(stream, _session, done) {
        stream.resume()
        stream.on('end', () => done(stage === 'data' ? refusal(code, 'Not now') : undefined))
      },
    })
    const result = await deliver(mail, transport)
    expect(result).toMatchObject({ state: 'failed', permanent })
    expect(result).toMatchObject({ error: expect.stringContaining(`${code} Not now`) })
  })

  it('waits for a repair when the password is wrong, and does not repeat it', async () => {
    const { transport } = await smtp(
      {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: (auth, _session, done) =>
          done(refusal(535, `No such login: ${auth.username} ${auth.password}`)),
      },
      '',
      'mailer:s3cr%2Fet-canary@',
    )
    const result = await deliver(mail, transport)
    expect(result).toMatchObject({ state: 'failed', permanent: false, retryAfterMs: 900_000 })
    const text = JSON.stringify(result)
    expect(text).toContain('No such login: mailer …')
    for (const secret of [
      's3cr/et-canary',
      's3cr%2Fet-canary',
      Buffer.from('s3cr/et-canary').toString('base64'),
    ]) {
      expect(text).not.toContain(secret)
    }
  })

  it('sends nothing in the clear where the address asks for STARTTLS and the server has none', async () => {
    const { said, transport } = await smtp({}, '?requireTLS=true')
    expect(await deliver(mail, transport)).toMatchObject({ state: 'failed', permanent: false })
    expect(said).toEqual([])
  })

  it('tries again when nobody listens', async () => {
    const { transport } = await smtp()
    for (const cleanup of cleanups.splice(0)) await cleanup()
    expect(await deliver(mail, transport)).toMatchObject({ state: 'failed', permanent: false })
  })

  it('cannot be given more headers by a subject', async () => {
    const { said, transport } = await smtp()
    await deliver({ ...mail, subject: 'x\r\nBcc: all@halden.example' }, transport)
    expect(said[0]).not.toMatch(/^Bcc:/im)
  })
})

describe('deliver', () => {
  it.each([
    '',
    'ana',
    'ana@halden.example, all@halden.example',
    'ana@halden.example\r\nBcc: b@x.example',
    'A <a@b.example>',
  ])('refuses what is not one address: %j', async (to) => {
    const { said, transport } = await smtp()
    expect(await deliver({ ...mail, to }, transport)).toMatchObject({ state: 'failed', permanent: true })
    expect(said).toEqual([])
  })

  it('takes the outbox as delivered: the stored row is the mail', async () => {
    expect(await deliver(mail, { kind: 'outbox' })).toEqual({ state: 'sent' })
  })

  it('answers, and does not throw, for a configuration that cannot work', async () => {
    const result = await deliver(mail, { kind: 'smtp', url: 'smtp://user:hunter22@127.0.0.1:1' })
    expect(result).toMatchObject({ state: 'failed', permanent: false })
    expect(JSON.stringify(result)).not.toContain('hunter22')
  })
})

describe('transportFrom', () => {
  it('prefers Resend, then SMTP, then the outbox', () => {
    const RESEND_API_KEY = 're_1'
    const SMTP_URL = 'smtp://localhost'
    expect(transportFrom({ RESEND_API_KEY, SMTP_URL })).toEqual({
      kind: 'resend',
      apiKey: 're_1',
      baseUrl: undefined,
    })
    expect(transportFrom({ SMTP_URL })).toEqual({ kind: 'smtp', url: 'smtp://localhost' })
    expect(transportFrom({})).toEqual({ kind: 'outbox' })
  })
})
