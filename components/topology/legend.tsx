'use client';
import { Select } from '@/components/ui/select';
import { MEASURES, measureOf, stepColor } from './measures';
import { useMeasure } from './use-selection';

const OPTIONS = MEASURES.map((name) => ({ value: name, label: measureOf(name).label }));
const STEPS = [0, 1, 2, 3, 4] as const;

/** What the colours and strokes mean, and the choice of what they show. */
export function Legend() {
  const [name, setName] = useMeasure();
  const measure = measureOf(name);
  return (
    <div className="pointer-events-auto flex flex-wrap items-center gap-x-3 gap-y-1 rounded-m border border-line bg-surface px-2.5 py-1.5 text-xs text-ink-2 shadow-pop">
      <Select
        label="Colour of the edges"
        value={name}
        options={OPTIONS}
        onChange={(next) => void setName(next)}
      />
      <span>
        <span className="flex" aria-hidden="true">
          {STEPS.map((step) => (
            <span key={step} className="h-1.5 w-[34px]" style={{ background: stepColor(step) }} />
          ))}
        </span>
        <span className="num -mx-1 mt-0.5 flex justify-between text-2xs text-ink-3">
          {measure.ticks.map((tick) => (
            <span key={tick}>{tick}</span>
          ))}
        </span>
      </span>
      <span className="grid grid-cols-[auto_auto] items-center gap-x-1.5 text-2xs text-ink-3">
        <span className="h-0.5 w-4 bg-idle" aria-hidden="true" />
        idle
        <span className="fill-nodata h-0.5 w-4" aria-hidden="true" />
        no data
      </span>
      <span className="grid grid-cols-[auto_auto] items-center gap-x-1.5 text-2xs text-ink-3">
        <span
          className="h-1 w-4 bg-[repeating-linear-gradient(90deg,var(--u4)_0_3px,transparent_3px_5px)]"
          aria-hidden="true"
        />
        blocked
        <span
          className="h-0.5 w-4 bg-[repeating-linear-gradient(90deg,var(--text-3)_0_5px,transparent_5px_8px)]"
          aria-hidden="true"
        />
        inferred
      </span>
      <span className="text-2xs text-ink-3 @max-[1080px]:hidden">
        width = throughput
        <br />
        <span className="mr-1 inline-block h-2 w-[2px] bg-u4 align-[-1px]" aria-hidden="true" />
        highest second
      </span>
    </div>
  );
}
