// `npm run clock -- +5h`: moves the running demo's clock forward.
import { demoSecrets, runningDemo } from './lib/demo-settings.mjs'
import { command, Stop } from './lib/stop.mjs'

await command(async () => {
  const advance = process.argv[2]?.replace(/^\+/, '')
  if (!advance || !/^(\d+[dhms])+$/.test(advance)) {
    throw new Stop('Say how far to move the clock, such as: npm run clock -- +5h (or +1d12h, +30m).')
  }
  const demo = await runningDemo()
  if (!demo) throw new Stop('The demo is not running: start it with npm run demo.')
  const answer = await post(`${demo.url}/api/demo/clock`, { advance }, demoSecrets().CRON_SECRET)
  console.log(`The clock says ${new Date(answer.now).toString()}.`)
})

async function post(url, body, secret) {
  let response
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  } catch (error) {
    throw new Stop(`The demo at ${url} does not answer (${error.cause?.code ?? error.message}).`)
  }
  const text = await response.text()
  if (!response.ok) throw new Stop(`The clock was not moved: the demo answered ${response.status} ${text}`)
  return JSON.parse(text)
}
