/** Metrics in the text format of Prometheus, version 0.0.4: https://prometheus.io/docs/instrumenting/exposition_formats/ */

export interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

export type Metric = { readonly name: string; readonly help: string } & (
  | { readonly type: 'gauge' | 'counter'; readonly samples: readonly Sample[] }
  | {
      readonly type: 'histogram'
      /** How many are at most as large as each bound, in the order of the bounds; `+Inf` is `count`. */
      readonly buckets: readonly { readonly le: number; readonly count: number }[]
      readonly sum: number
      readonly count: number
    }
)

/** The content type that goes with {@link exposition}. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Metrics as Prometheus reads them. */
export function exposition(metrics: readonly Metric[]): string {
  return metrics.map((metric) => `${lines(metric).join('\n')}\n`).join('')
}

function lines(metric: Metric): string[] {
  const { name, help, type } = metric
  const head = [
    `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${name} ${type}`,
  ]
  if (metric.type !== 'histogram') return [...head, ...metric.samples.map((sample) => line(name, sample))]
  const { buckets, sum, count } = metric
  const bucket = (le: string, value: number) => line(`${name}_bucket`, { labels: { le }, value })
  return [
    ...head,
    ...buckets.map(({ le, count: below }) => bucket(String(le), below)),
    bucket('+Inf', count),
    line(`${name}_sum`, { value: sum }),
    line(`${name}_count`, { value: count }),
  ]
}

function line(name: string, { labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(([key, said]) => `${key}="${escaped(said)}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`
}

const escaped = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
