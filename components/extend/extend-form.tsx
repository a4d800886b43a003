'use client'

import { useNow } from '@/components/lease/lease-clock'
import { useSendForm } from '@/components/request/use-form'
import { SubmitButton } from '@/components/ui/button'
import { ErrorSummary } from '@/components/ui/error-summary'
import { Field, Fieldset } from '@/components/ui/field'
import { Textarea } from '@/components/ui/input'
import { nameList } from '@/lib/asking-words'
import { formatClock, formatDuration, formatDurationShort } from '@/lib/format'
import type { SendForm } from '@/lib/forms/state'
import type { ExtendView } from './extend-page'

type ExtendFormProps = {
  view: ExtendView
  seconds: string
  onSeconds: (seconds: string) => void
  now: Date
  zone: string
  extend: SendForm<{ requestId: string }>
}

const controls = { seconds: 'how-much', reason: 'why-longer' }

/** How much more, and why. A length that no longer fits stays visible with its reason. */
export function ExtendForm({ view, seconds, onSeconds, now, zone, extend }: ExtendFormProps) {
  const form = useSendForm(extend, controls)
  const current = useNow(now)
  const { lease, presets, approverNames, usualSeconds } = view
  const latest = lease.extend ? formatClock(lease.extend.latestEnd, zone, current) : ''
  return (
    <form className="panel stack" aria-label="Request extension" {...form.props}>
      <input type="hidden" name="grantId" value={lease.id} />
      <ErrorSummary problems={form.problems} title="Nothing was sent" />
      <div>
        <h2 className="panel-title">Request extension</h2>
        <p className="quiet mt-0.5">
          {approverNames.length > 0
            ? `${nameList(approverNames, 'or')} must agree.`
            : 'At present nobody could agree.'}{' '}
          {usualSeconds === null
            ? 'No answers yet, so we cannot say how long one takes.'
            : `Usual answer: ${formatDurationShort(usualSeconds)}.`}
        </p>
      </div>
      <Fieldset id={controls.seconds} legend="How much more" error={form.error('seconds')}>
        <div className="opts">
          {presets.map((preset) => (
            <label className="opt" key={preset.seconds}>
              <input
                type="radio"
                className="radio"
                name="seconds"
                value={preset.seconds}
                checked={preset.fits && seconds === String(preset.seconds)}
                disabled={!preset.fits}
                onChange={() => onSeconds(String(preset.seconds))}
              />
              <span>
                <b>{formatDuration(preset.seconds)}</b>
                <small>
                  {preset.fits
                    ? `told ${formatDuration(preset.noticeSeconds)} before${preset.automatic ? ', agreed at once' : ''}`
                    : `past the latest end, ${latest}`}
                </small>
              </span>
              <span className="opt-end">
                {preset.fits && preset.newEnd ? (
                  <>
                    <small>until</small>
                    {formatClock(preset.newEnd, zone, current)}
                  </>
                ) : (
                  'does not fit'
                )}
              </span>
            </label>
          ))}
        </div>
      </Fieldset>
      <Field
        id={controls.reason}
        label="Why longer"
        note={view.reasonRequired ? undefined : 'if you like'}
        hint="Whoever decides reads this first."
        error={form.error('reason')}
      >
        <Textarea name="reason" rows={3} maxLength={2000} defaultValue={form.was('reason')} />
      </Field>
      <div className="acts acts-fixed">
        <SubmitButton size="lg" variant="primary" pending={form.pending}>
          Request extension
        </SubmitButton>
      </div>
    </form>
  )
}
