'use client'

import clsx from 'clsx'
import type { CSSProperties } from 'react'
import { IconButton } from '@/components/ui/button'
import { DurationInput } from '@/components/ui/duration-input'
import { Field } from '@/components/ui/field'
import type { Preset } from '@/lib/domain/duration'
import { formatDuration } from '@/lib/format'
import { noticePlace } from './preset-scale'
import { fieldId, type Problems } from './steps'
import type { useRows } from './use-rows'

type Props = {
  index: number
  preset: Preset
  /** Per cent of the scale. */
  width: number
  ticks: readonly { at: number }[]
  problems: Problems
  change: (part: Partial<Preset>) => void
  remove: () => void
  grip: ReturnType<ReturnType<typeof useRows>['grip']>
}

/** One length with its own notice and its own bar. */
export function PresetRow({ index, preset, width, ticks, problems, change, remove, grip }: Props) {
  const number = index + 1
  const errors = {
    seconds: problems[`presets.${index}.seconds`],
    notice: problems[`presets.${index}.noticeSeconds`],
  }
  const name = preset.seconds > 0 ? formatDuration(preset.seconds) : `length ${number}`
  return (
    <li className={clsx('preset', (errors.seconds || errors.notice) && 'has-error')} data-row>
      <IconButton icon="grip" label={`Move ${name}, with the arrow keys`} className="grip" {...grip} />
      <Field
        label={<span aria-hidden="true">Length</span>}
        className="pair"
        id={fieldId(`presets.${index}.seconds`)}
        error={errors.seconds}
      >
        <DurationInput
          label={`Length ${number}`}
          value={preset.seconds || null}
          onValueChange={(seconds) => change({ seconds: seconds ?? 0 })}
        />
      </Field>
      <Field
        label={<span aria-hidden="true">Notify before end</span>}
        className="pair"
        id={fieldId(`presets.${index}.noticeSeconds`)}
        error={errors.notice}
      >
        <DurationInput
          label={`Notify before end ${number}`}
          value={preset.noticeSeconds || null}
          onValueChange={(seconds) => change({ noticeSeconds: seconds ?? 0 })}
        />
      </Field>
      <div className="scale-cell" style={{ '--parts': Math.max(1, ticks.length) } as CSSProperties}>
        <PresetBar preset={preset} width={width} />
      </div>
      <IconButton icon="trash" label={`Remove ${name}`} onClick={remove} />
    </li>
  )
}

function PresetBar({ preset, width }: { preset: Preset; width: number }) {
  if (preset.seconds <= 0) return null
  const notice = noticePlace(preset)
  const words =
    notice === null
      ? `${formatDuration(preset.seconds)}, the notice does not come before the end`
      : `${formatDuration(preset.seconds)}, notice ${formatDuration(preset.noticeSeconds)} before the end`
  return (
    <span
      className={clsx('lease', notice === null ? 'is-bad' : 'is-plain')}
      style={{ width: `${width}%`, '--n': notice ?? 0 } as CSSProperties}
      role="img"
      aria-label={words}
    >
      <i className="lease-tick" />
      <i className="lease-end" />
    </span>
  )
}
