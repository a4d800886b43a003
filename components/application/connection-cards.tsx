'use client'

import { Button } from '@/components/ui/button'
import { Checkbox } from '@/components/ui/choice'
import { Icon } from '@/components/ui/icon'
import { EmptyState } from '@/components/ui/labels'
import type { ApplicationPage, ConnectionSaved, ConnectionView, SettingField } from '@/lib/application-views'
import { formatClock } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import { CredentialEnd } from './credential-end'
import { FormDialog } from './form-dialog'
import { SettingFields } from './setting-fields'
import { SettingInput } from './setting-input'

type Times = { now: Date; zone: string }

/** What the last test of the connection said, check by check. */
export function TestCard({ connection, now, zone }: { connection: ConnectionView } & Times) {
  const { test } = connection
  return (
    <section className="card" aria-labelledby="connection-test">
      <div className="card-head">
        <h2 className="card-title" id="connection-test">
          Connection test
        </h2>
        <span className="grow" />
        {test ? (
          <span className="hint">
            {formatClock(test.at, zone, now)}
            {test.tookMs === null ? '' : `, took ${tookWords(test.tookMs)}`}
          </span>
        ) : null}
      </div>
      {test?.identity ? (
        <p className="test-as">
          Signed in as <span className="mono">{test.identity}</span>. What this credential may do:
        </p>
      ) : null}
      {connection.resting ? (
        <p className="hint card-pad">
          It does not answer, and rests since {formatClock(connection.resting.since, zone, now)}. Next try:{' '}
          {formatClock(connection.resting.until, zone, now)} or with the next thing to do; taking back goes
          first.
        </p>
      ) : null}
      {test ? (
        <ul className="checks">
          {test.checks.map((check) => (
            <li key={check.name}>
              <Icon
                name={check.ok ? 'circle-check' : 'circle-alert'}
                className={check.ok ? 'c-ok' : 'c-bad'}
                label={check.ok ? 'Passed' : 'Failed'}
              />
              <div>
                <span className={check.ok ? undefined : 'c-bad b'}>{check.name}</span>
                <small>{check.detail}</small>
              </div>
            </li>
          ))}
        </ul>
      ) : (
        <EmptyState title="Not tested yet">
          A test signs in and asks what we may do. It changes nothing.
        </EmptyState>
      )}
    </section>
  )
}

const tookWords = (ms: number) => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`)

type SettingsProps = {
  page: ApplicationPage
  connection: ConnectionView
  change: SendForm<ConnectionSaved>
}

/** The settings that may be shown, and the form that changes them. */
export function SettingsCard({ page, connection, change }: SettingsProps) {
  const live =
    page.liveGrants === 1 ? 'Fixed while 1 grant is live' : `Fixed while ${page.liveGrants} grants are live`
  return (
    <section className="card" aria-labelledby="connection-settings">
      <div className="card-head">
        <h2 className="card-title" id="connection-settings">
          Settings
        </h2>
        <span className="grow" />
        {page.can.connect ? (
          <FormDialog
            wide
            title={`Settings of ${page.name}`}
            description={
              connection.secrets.length > 0
                ? 'A secret that stays as it is need not be typed again.'
                : undefined
            }
            trigger={<Button size="sm">Edit settings</Button>}
            action={change}
            hidden={{ applicationId: page.id, version: connection.version }}
            submitLabel="Save settings"
            done="Settings saved"
          >
            {(state) => (
              <SettingFields
                fields={connection.fields}
                prefix="settings"
                state={state}
                fixed={page.liveGrants > 0 ? live : undefined}
              />
            )}
          </FormDialog>
        ) : null}
      </div>
      <dl className="facts card-pad">
        {connection.settings
          .filter((field) => field.value !== undefined && field.value !== '')
          .map((field) => (
            <SettingLine key={field.name} label={field.label} value={said(field.value)} />
          ))}
        <SettingLine label="Calls at a time" value={`${connection.atATime} at most`} />
      </dl>
    </section>
  )
}

function SettingLine({ label, value }: { label: string; value: string }) {
  return (
    <>
      <dt>{label}</dt>
      <dd className="break-words">{value}</dd>
    </>
  )
}

function said(value: string | number | boolean | undefined): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  const text = String(value ?? '')
  return text.includes('BEGIN CERTIFICATE') ? 'a certificate is set' : text
}

const needed = ({ required, when }: SettingField) => required || (when?.required ?? false)

type CredentialProps = {
  page: ApplicationPage
  connection: ConnectionView
  replace: SendForm<ConnectionSaved>
} & Times

/** The secrets: when they were set and by whom. They cannot be read back by anybody. */
export function CredentialCard({ page, connection, replace, now, zone }: CredentialProps) {
  const { secretSet, secrets } = connection
  return (
    <section className="card" aria-labelledby="credential">
      <div className="card-head">
        <h2 className="card-title" id="credential">
          Credential
        </h2>
        <span className="grow" />
        {page.can.connect ? (
          <FormDialog
            title={`Replace the credential of ${page.name}`}
            description="What waits for it is tried again at once. A field left blank keeps what it has."
            trigger={<Button size="sm">Replace credential</Button>}
            action={replace}
            hidden={{ applicationId: page.id, version: connection.version }}
            submitLabel="Replace credential"
            done="Credential replaced"
          >
            {(state) =>
              secrets.map((secret) => (
                <div key={secret.name} className="stack gap-2!">
                  <SettingInput
                    // Every field of this form is optional: what is blank keeps what it has.
                    field={{ ...secret, set: true, placeholder: undefined }}
                    prefix="secrets"
                    state={state}
                  />
                  {secret.set && !needed(secret) ? (
                    <span className="tick">
                      <Checkbox name="remove" value={secret.name} aria-label={`Remove ${secret.label}`} />
                      <span>Remove it</span>
                    </span>
                  ) : null}
                </div>
              ))
            }
          </FormDialog>
        ) : null}
      </div>
      <div className="cred">
        <ul>
          {secrets.map((secret) => (
            <li key={secret.name} className="row">
              <Icon
                name={secret.set ? 'lock' : 'circle-dashed'}
                size={14}
                className={secret.set || !needed(secret) ? 'ink2' : 'c-bad'}
              />
              <span>
                {secret.label}: {secret.set ? 'set' : needed(secret) ? 'missing' : 'not set'}
              </span>
            </li>
          ))}
        </ul>
        <div className="mt-2">
          <CredentialEnd endsAt={connection.credentialEndsAt} now={now} zone={zone} />
        </div>
        <p className="hint mt-1.5">
          {secretSet
            ? `Set ${formatClock(secretSet.at, zone, now)}${secretSet.by ? ` by ${secretSet.by}` : ''}. `
            : ''}
          Cannot be read back.
        </p>
      </div>
    </section>
  )
}
