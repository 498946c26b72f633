'use client';

/** The three tracing modes: what each shows, what it gives up, and what it costs, as measured by the engine now. */
import { Badge } from '@/components/ui/badge';
import { cx } from '@/components/ui/cx';
import type { EngineInfo } from '@/lib/api/engines';
import { formatBytes, formatNs, formatPercent, formatRate } from '@/lib/base/format';
import type { TracingMode } from '@/lib/semconv/signals';

interface ModeText {
  readonly mode: TracingMode;
  readonly title: string;
  readonly shows: string;
  readonly givesUp: string;
}

const MODES: readonly ModeText[] = [
  {
    mode: 'none',
    title: 'None',
    shows: 'Counters of every node and channel: rates, depths, drops, control actions.',
    givesUp:
      'No batches, no waterfalls, no latency, no utilisation over time. No clock is read on the hot path.',
  },
  {
    mode: 'tail',
    title: 'Tail',
    shows: 'Every figure, exact, from all batches; and the batches that a policy keeps, with their lineage.',
    givesUp: 'The batches that no policy keeps. Why one was kept is told.',
  },
  {
    mode: 'full',
    title: 'Full',
    shows: 'Every batch, whole. The figures are the same as in Tail.',
    givesUp: 'Bandwidth, and a shorter memory here: the store fills sooner.',
  },
];

interface ModeCardsProps {
  readonly engine: EngineInfo;
  readonly chosen: TracingMode;
  readonly disabled: boolean;
  readonly onChoose: (mode: TracingMode) => void;
}

export function ModeCards({ engine, chosen, disabled, onChoose }: ModeCardsProps) {
  return (
    <div
      role="radiogroup"
      aria-label="Tracing mode"
      className="grid grid-cols-1 gap-3 min-[900px]:grid-cols-3"
    >
      {MODES.map((text) => (
        <ModeCard
          key={text.mode}
          text={text}
          engine={engine}
          chosen={chosen === text.mode}
          running={engine.tracing?.mode === text.mode}
          disabled={disabled}
          onChoose={() => onChoose(text.mode)}
        />
      ))}
    </div>
  );
}

interface ModeCardProps {
  readonly text: ModeText;
  readonly engine: EngineInfo;
  readonly chosen: boolean;
  readonly running: boolean;
  readonly disabled: boolean;
  readonly onChoose: () => void;
}

function ModeCard({ text, engine, chosen, running, disabled, onChoose }: ModeCardProps) {
  const tracing = engine.tracing;
  return (
    <label
      className={cx(
        'flex cursor-pointer flex-col gap-2 rounded-m border bg-surface p-3 text-left has-disabled:cursor-not-allowed has-disabled:opacity-60 has-focus-visible:outline-2 has-focus-visible:outline-accent',
        chosen ? 'border-accent ring-2 ring-accent-bg' : 'border-line hover:border-line-strong',
      )}
    >
      <input
        type="radio"
        name="tracing-mode"
        className="sr-only"
        aria-label={text.title}
        checked={chosen}
        disabled={disabled}
        onChange={onChoose}
      />
      <span className="flex items-center gap-2">
        <span className="text-l font-semibold">{text.title}</span>
        {running && <Badge tone="ok">runs now</Badge>}
        {chosen && !running && <Badge tone="warn">wanted</Badge>}
      </span>
      <span className="text-s text-ink">{text.shows}</span>
      <span className="text-s text-ink-3">{text.givesUp}</span>
      <span className="num mt-auto flex flex-wrap gap-x-3 border-t border-line pt-2 text-ink-2">
        <span title="Calibrated in idle moments, on the recorder that runs">
          {formatNs(tracing?.overheadNs[text.mode])} a hop
        </span>
        {running && tracing && (
          <>
            <span title="Share of the engine's CPU time that goes into encoding and export">
              {formatPercent(tracing.cpuShare)} CPU
            </span>
            <span>{formatBytes(tracing.bytesPerSec)}/s</span>
            {text.mode !== 'none' && (
              <span title="Spans kept of those recorded">
                {formatRate(tracing.keptPerSec)} of {formatRate(tracing.recordedPerSec)}
              </span>
            )}
          </>
        )}
      </span>
    </label>
  );
}
