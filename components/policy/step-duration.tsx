'use client'

import { useState } from 'react'
import { Button } from '@/components/ui/button'
import { RadioCards, Switch } from '@/components/ui/choice'
import { DurationInput } from '@/components/ui/duration-input'
import { Field, FieldError } from '@/components/ui/field'
import { DAY, HOUR, type Preset } from '@/lib/domain/duration'
import { type PolicyDefinition, policyLimits } from '@/lib/domain/policy'
import { formatDuration } from '@/lib/format'
import { ExtensionCard } from './extension-card'
import { PresetRow } from './preset-row'
import { presetScale } from './preset-scale'
import { Question } from './step-parts'
import { fieldId, type Problems } from './steps'
import { useRows } from './use-rows'

type Props = {
  definition: PolicyDefinition
  define: (change: Partial<PolicyDefinition>) => void
  floorSeconds: number
  /** Where it is given, for the sentence that says when the clock starts. */
  where: string
  problems: Problems
}

/** For how long: just-in-time with lengths and their notices, or permanent. */
export function StepDuration({ definition, define, floorSeconds, where, problems }: Props) {
  const permanent = definition.mode === 'permanent'
  return (
    <>
      <Question
        sub={
          permanent
            ? 'Permanent access is for the few who always need it; everything else is better leased.'
            : `The clock starts when the access is seen in ${where}, not when it was asked for.`
        }
      >
        How long may people hold it?
      </Question>
      <fieldset aria-label="Duration mode">
        <RadioCards
          name="mode"
          value={definition.mode}
          onValueChange={(mode) => define({ mode })}
          options={[
            {
              value: 'just-in-time',
              label: 'Just-in-time',
              hint: 'Ends by itself, after a notice to the holder.',
            },
            { value: 'permanent', label: 'Permanent', hint: 'Kept until somebody takes it back.' },
          ]}
        />
      </fieldset>
      {permanent ? null : (
        <>
          <Lengths definition={definition} define={define} floorSeconds={floorSeconds} problems={problems} />
          <ExtensionCard definition={definition} define={define} problems={problems} />
        </>
      )}
      <div className="block card ext">
        <Switch
          label="Take back what they held before as well"
          hint="Off, an access that somebody held before they asked here stays at the end, and every screen says so."
          checked={definition.convertStanding}
          onChange={(event) => define({ convertStanding: event.target.checked })}
        />
      </div>
    </>
  )
}

function Lengths({ definition, define, floorSeconds, problems }: Omit<Props, 'where'>) {
  const { presets, maxSeconds } = definition
  const [asked, setAsked] = useState(false)
  const rows = useRows<Preset>(
    presets,
    (next) => define({ presets: next }),
    (i) => formatDuration(presets[i]?.seconds ?? 0),
  )
  const scale = presetScale(presets)
  const change = (index: number, part: Partial<Preset>) =>
    define({ presets: presets.map((p, i) => (i === index ? { ...p, ...part } : p)) })
  const changing = asked || Boolean(problems.maxSeconds)
  return (
    <section className="block" aria-labelledby="policy-lengths">
      <div className="block-head">
        <h2 id="policy-lengths">Lengths people can pick</h2>
        <span className="hint">
          At least {formatDuration(floorSeconds)} (organisation), at most {formatDuration(maxSeconds)} (this
          policy).{' '}
          {changing ? null : (
            <button type="button" className="link-btn t-xs" onClick={() => setAsked(true)}>
              Change<span className="sr"> the longest length</span>
            </button>
          )}
        </span>
      </div>
      {changing ? (
        <Field
          label="Longest length of this policy"
          id={fieldId('maxSeconds')}
          error={problems.maxSeconds}
          className="mb-4 max-w-60"
        >
          <DurationInput
            label="Longest length of this policy"
            value={maxSeconds || null}
            onValueChange={(seconds) => define({ maxSeconds: seconds ?? 0 })}
          />
        </Field>
      ) : null}
      <div className="card presets" id={fieldId('presets')} tabIndex={-1}>
        <div className="preset-head" aria-hidden="true">
          <span />
          <span>Length</span>
          <span>Notify before end</span>
          <span>{scale.broken ? 'Each on its own scale' : 'On one scale'}</span>
          <span />
        </div>
        <ol ref={rows.list} aria-label="Lengths">
          {presets.map((preset, i) => (
            <PresetRow
              key={rows.keyOf(i)}
              index={i}
              preset={preset}
              width={scale.widths[i] ?? 0}
              ticks={scale.ticks}
              problems={problems}
              change={(part) => change(i, part)}
              remove={() => rows.remove(i)}
              grip={rows.grip(i)}
            />
          ))}
        </ol>
        {problems.presets ? (
          <div className="px-4 py-2">
            <FieldError>{problems.presets}</FieldError>
          </div>
        ) : null}
        <div className="axis">
          <Button
            variant="ghost"
            size="sm"
            icon="plus"
            reason={
              presets.length >= policyLimits.presets ? `At most ${policyLimits.presets} lengths` : undefined
            }
            onClick={() => rows.insert(presets.length, nextPreset(definition, floorSeconds))}
          >
            Add a length
          </Button>
          <div className="axis-scale" aria-hidden="true">
            {scale.broken ? (
              <span style={{ left: 0 }}>the longest is over 12 times the shortest</span>
            ) : (
              <>
                <span style={{ left: 0 }}>given</span>
                {scale.ticks.map((tick) => (
                  <span key={tick.at} style={{ left: `${tick.at}%` }}>
                    {tick.label}
                  </span>
                ))}
              </>
            )}
          </div>
        </div>
      </div>
      <p className="sr" aria-live="polite">
        {rows.said}
      </p>
    </section>
  )
}

/** A usual length that is not there yet and fits; an empty one where none does. */
function nextPreset({ presets, maxSeconds }: PolicyDefinition, floorSeconds: number): Preset {
  const usual = [6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY]
  const seconds = usual.find(
    (s) => s >= floorSeconds && s <= maxSeconds && !presets.some((p) => p.seconds === s),
  )
  if (!seconds) return { seconds: 0, noticeSeconds: HOUR }
  return { seconds, noticeSeconds: seconds <= 12 * HOUR ? HOUR : seconds < 7 * DAY ? 4 * HOUR : DAY }
}
