'use client'

import { Callout } from '@/components/ui/labels'
import type { PolicyDefinition } from '@/lib/domain/policy'
import type { Coverage } from '@/lib/policy-coverage'
import { policyDifferences } from '@/lib/policy-differences'
import type { PolicyEditorData } from '@/lib/policy-views'
import { AffectedRequests } from './affected-requests'
import { CoverageGaps } from './coverage-gaps'
import { Differences } from './differences'
import { Question } from './step-parts'
import { editorSteps, type Problems, problemLabel, stepHref, stepOfPath } from './steps'

type Props = {
  data: PolicyEditorData
  definition: PolicyDefinition
  coverage: Coverage
  problems: Problems
  now: Date
  zone: string
  lapse: boolean
  setLapse: (lapse: boolean) => void
}

/** What publishing would change, for whom, and what still stands in its way. */
export function StepReview(props: Props) {
  const { data, definition, coverage, problems, now, zone, lapse, setLapse } = props
  const { current, affected } = data
  const number = (current?.number ?? 0) + 1
  const wrong = Object.entries(problems)
  return (
    <>
      <Question sub="Publishing makes a new version that nobody can change any more. Requests and grants that exist keep theirs.">
        {`Publish version ${number}?`}
      </Question>
      <div className="stack gap-4!">
        {wrong.length > 0 ? (
          <Callout tone="bad" icon="circle-alert">
            <p className="b">{wrong.length === 1 ? '1 thing to fix' : `${wrong.length} things to fix`}</p>
            <ul>
              {wrong.map(([path, message]) => {
                const step = stepOfPath(path)
                const { label } = editorSteps.find((s) => s.key === step) ?? editorSteps[0]
                return (
                  <li key={path}>
                    <a className="a-in" href={stepHref(data.id, step)}>
                      {label}, {problemLabel(path, definition)}
                    </a>
                    : {message}
                  </li>
                )
              })}
            </ul>
          </Callout>
        ) : null}
        <CoverageGaps coverage={coverage} definition={definition} />
        <section className="card" aria-labelledby="policy-affected">
          <div className="card-head">
            <h2 className="card-title" id="policy-affected">
              Who is affected now
            </h2>
          </div>
          <dl className="facts card-pad">
            <dt>May ask</dt>
            <dd>{people(coverage.eligible)}</dd>
            <dt>Live grants</dt>
            <dd>{data.live === 0 ? 'none' : `${data.live}, each keeps the version it was given under`}</dd>
            <dt>Pending requests</dt>
            <dd>
              {affected.length === 0
                ? 'none'
                : lapse
                  ? `${affected.length}, which lapse when this is published`
                  : `${affected.length}, each is judged by the version it was asked under`}
            </dd>
          </dl>
          {affected.length > 0 ? (
            <div className="card-pad pt-0!">
              <AffectedRequests
                affected={affected}
                now={now}
                zone={zone}
                lapse={lapse}
                setLapse={setLapse}
                hint="Whoever asked is told by mail. What somebody decides before you publish stays decided."
              />
            </div>
          ) : null}
        </section>
        {current ? <Changes data={data} current={current} definition={definition} /> : null}
      </div>
    </>
  )
}

type ChangesProps = Pick<Props, 'data' | 'definition'> & {
  current: NonNullable<PolicyEditorData['current']>
}

function Changes({ data, current, definition }: ChangesProps) {
  const differences = policyDifferences(current.definition, definition, data.names)
  return (
    <section className="card" aria-labelledby="policy-changes">
      <div className="card-head">
        <h2 className="card-title" id="policy-changes">
          What changes from version {current.number}
        </h2>
      </div>
      <div className="card-pad">
        {differences.length === 0 ? (
          <p className="ink2">Nothing: the draft says the same.</p>
        ) : (
          <Differences differences={differences} />
        )}
      </div>
    </section>
  )
}

const people = (count: number) => (count === 1 ? '1 person' : `${count} people`)
