import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

/** One message that came in with a signature that fits. */
export interface SiemMessage {
  readonly id: string
  readonly from: number
  readonly to: number
  readonly format: string
  readonly entries: readonly Record<string, unknown>[]
  readonly taken: boolean
}

export interface Siem {
  readonly url: string
  /** Everything that came in well signed, taken or not. */
  readonly messages: SiemMessage[]
  /** How many came in that nobody with the secret had signed. */
  readonly forged: () => number
  /** What the next messages get instead of 204: a status, or a lost answer. */
  readonly answer: (...answers: (number | 'lost')[]) => void
  readonly close: () => Promise<void>
}

/** A system that collects the audit log, for tests: a real server that verifies what it is sent. */
export async function startSiem(secret: string): Promise<Siem> {
  const messages: SiemMessage[] = []
  const answers: (number | 'lost')[] = []
  let forged = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    try {
      new Webhook(secret).verify(body, request.headers as Record<string, string>)
    } catch {
      forged++
      response.writeHead(401).end()
      return
    }
    const answer = answers.shift() ?? 204
    const { data } = JSON.parse(body)
    messages.push({ id: String(request.headers['webhook-id']), ...data, taken: answer === 204 })
    if (answer === 'lost') request.socket.destroy()
    else response.writeHead(answer, { location: 'http://127.0.0.1:1/' }).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/audit`,
    messages,
    forged: () => forged,
    answer: (...next) => void answers.push(...next),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
