import { describe, expect, it } from 'vitest'
import { exposition, type Metric, type Sample } from './metrics'

const gauge = (samples: readonly Sample[]): Metric => ({
  name: 'leasehold_queue_due',
  help: 'Work that is due.',
  type: 'gauge',
  samples,
})

describe('the text that Prometheus reads', () => {
  it('has a help, a type and a line for each sample', () => {
    expect(exposition([gauge([{ labels: { kind: 'take' }, value: 3 }, { value: 0.5 }])])).toBe(
      '# HELP leasehold_queue_due Work that is due.\n' +
        '# TYPE leasehold_queue_due gauge\n' +
        'leasehold_queue_due{kind="take"} 3\n' +
        'leasehold_queue_due 0.5\n',
    )
  })

  it('escapes what a name may hold, so that no label ends early', () => {
    const name = 'Data "warehouse"\\prod\n} 1'
    expect(exposition([gauge([{ labels: { application: name }, value: 1 }])])).toContain(
      'leasehold_queue_due{application="Data \\"warehouse\\"\\\\prod\\n} 1"} 1\n',
    )
  })

  it('tells a histogram by its bounds, its sum and its count', () => {
    const buckets = [
      { le: 0.3, count: 1 },
      { le: 1, count: 4 },
    ]
    const late: Metric = { name: 'late', help: 'How late.', type: 'histogram', buckets, sum: 9.25, count: 5 }
    expect(exposition([late])).toBe(
      '# HELP late How late.\n# TYPE late histogram\n' +
        'late_bucket{le="0.3"} 1\nlate_bucket{le="1"} 4\nlate_bucket{le="+Inf"} 5\nlate_sum 9.25\nlate_count 5\n',
    )
  })
})
