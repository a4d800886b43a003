import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { grantTable } from './grant'
import { mermaid } from './picture'
import { requestTable } from './request'

const page = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')

/** The picture that stands under a marker of the page. */
function drawn(machine: string): string | undefined {
  return new RegExp(`<!-- ${machine} machine -->\n\`\`\`mermaid\n([\\s\\S]*?)\n\`\`\`\n<!-- end -->`).exec(
    page,
  )?.[1]
}

describe('the pictures in the README', () => {
  it('show the request machine as it is', () => {
    expect(drawn('request')).toBe(mermaid(requestTable, 'pending'))
  })

  it('show the grant machine as it is', () => {
    expect(drawn('grant')).toBe(mermaid(grantTable, 'scheduled'))
  })
})

describe('mermaid', () => {
  it('draws one arrow for each pair of states and an end where nothing leaves', () => {
    const table = { on: { press: ['off'], hold: ['off', 'on'] }, off: {} }
    expect(mermaid(table, 'on')).toBe(
      [
        'stateDiagram-v2',
        '  [*] --> on',
        '  on --> off : press, hold',
        '  on --> on : hold',
        '  off --> [*]',
      ].join('\n'),
    )
  })
})
