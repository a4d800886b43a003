import type { Route } from 'next'
import type { ReactNode } from 'react'
import { Badge, Callout, EmptyState } from '@/components/ui/labels'
import { Link } from '@/components/ui/link'
import { formatClock } from '@/lib/format'
import { policyDifferences } from '@/lib/policy-differences'
import type { PolicyPage, PolicyVersionRow } from '@/lib/policy-views'
import { type PolicyNames, policyWords } from '@/lib/policy-words'
import { Differences } from './differences'
import { Sentence } from './sentence'

type Props = {
  page: PolicyPage
  /** The version to show beside the one after it. */
  compare: number | null
  now: Date
  zone: string
  acts: ReactNode
}

/** One policy as it stands: what it says, its versions, and who is under which. */
export function PolicyOverview({ page, compare, now, zone, acts }: Props) {
  const [current] = page.versions
  const said = current?.definition ?? page.draft
  return (
    <>
      <div className="page-head flex-wrap">
        <h1 className="page-title">{page.name}</h1>
        <PolicyBadge
          archived={page.archivedAt !== null}
          number={current?.number ?? null}
          hasDraft={page.draft !== null}
        />
        {acts}
      </div>
      {page.description ? <p className="page-sub">{page.description}</p> : null}
      {page.archivedAt ? (
        <div className="mt-4 max-w-3xl">
          <Callout>
            Archived {formatClock(page.archivedAt, zone, now)}. Nobody can ask under it; what was given under
            it ends as agreed.
          </Callout>
        </div>
      ) : null}
      <div className="p-cols">
        <section className="card" aria-labelledby="policy-says">
          <div className="card-head">
            <h2 className="card-title" id="policy-says">
              {current ? 'In plain words' : 'The draft in plain words'}
            </h2>
          </div>
          {said ? <InWords definition={said} names={page.names} /> : null}
        </section>
        <section className="card" aria-labelledby="policy-versions">
          <div className="card-head">
            <h2 className="card-title" id="policy-versions">
              Versions
            </h2>
          </div>
          {page.versions.length === 0 ? (
            <EmptyState title="Not published yet">
              Nobody can ask under it before its first version.
            </EmptyState>
          ) : (
            <ol className="p-versions">
              {page.versions.map((version, i) => (
                <Version
                  key={version.number}
                  page={page}
                  version={version}
                  before={page.versions[i + 1]}
                  open={compare === version.number}
                  now={now}
                  zone={zone}
                />
              ))}
            </ol>
          )}
        </section>
      </div>
    </>
  )
}

/** Where a policy stands, in one word and, with a draft, two. */
export function PolicyBadge(props: { archived: boolean; number: number | null; hasDraft: boolean }) {
  const { archived, number, hasDraft } = props
  if (archived) return <Badge icon="ban">Archived</Badge>
  return (
    <>
      {number === null ? null : (
        <Badge tone="ok" icon="circle-check">
          Version {number} in force
        </Badge>
      )}
      {hasDraft ? (
        <Badge tone="wait" icon="pencil">
          Draft
        </Badge>
      ) : null}
    </>
  )
}

function InWords({ definition, names }: { definition: PolicyVersionRow['definition']; names: PolicyNames }) {
  const words = policyWords(definition, names)
  const parts = [
    ['Entitlements', words.entitlements],
    ['Who may request', words.requesters],
    ['Approval', words.approval],
    ['Duration', words.duration],
  ] as const
  return (
    <dl className="p-says">
      {parts.map(([label, sentences]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            {sentences.map((sentence, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: sentences in their order.
              <Sentence key={i} words={sentence} />
            ))}
          </dd>
        </div>
      ))}
    </dl>
  )
}

type VersionProps = {
  page: PolicyPage
  version: PolicyVersionRow
  before: PolicyVersionRow | undefined
  open: boolean
  now: Date
  zone: string
}

function Version({ page, version, before, open, now, zone }: VersionProps) {
  const href = `/settings/access-management/policies/${page.id}`
  const under = [
    version.live === 0 ? null : `${version.live} live ${version.live === 1 ? 'grant' : 'grants'}`,
    version.pending === 0
      ? null
      : `${version.pending} pending ${version.pending === 1 ? 'request' : 'requests'}`,
  ].filter(Boolean)
  return (
    <li>
      <div className="row">
        <b className="b">Version {version.number}</b>
        {version.name === page.name ? null : <span className="ink2">as {version.name}</span>}
        <span className="grow" />
        {before ? (
          <Link
            className="t-xs"
            href={(open ? href : `${href}?compare=${version.number}`) as Route}
            scroll={false}
            aria-expanded={open}
          >
            {open ? 'Hide what changed' : `Compare with version ${before.number}`}
          </Link>
        ) : null}
      </div>
      <p className="ink2 t-xs">
        {formatClock(version.publishedAt, zone, now)}
        {version.publishedBy ? `, by ${version.publishedBy}` : ''}
        {under.length ? ` · ${under.join(', ')} under it` : ''}
      </p>
      {open && before ? <VersionDifferences before={before} version={version} names={page.names} /> : null}
    </li>
  )
}

function VersionDifferences(props: {
  before: PolicyVersionRow
  version: PolicyVersionRow
  names: PolicyNames
}) {
  const found = policyDifferences(props.before.definition, props.version.definition, props.names)
  if (found.length === 0) return <p className="ink2 mt-2">They say the same.</p>
  return <Differences differences={found} />
}
