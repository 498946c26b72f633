'use client';

/** How much an engine tells of itself, as cards: what each level shows and what it gives up. */
import { Badge } from '@/components/ui/badge';
import { cx } from '@/components/ui/cx';
import type { RuntimeLevel } from '@/lib/dialects/otap-steering';

interface LevelText {
  readonly level: RuntimeLevel;
  readonly title: string;
  readonly shows: string;
  readonly givesUp: string;
}

const LEVELS: readonly LevelText[] = [
  {
    level: 'none',
    title: 'None',
    shows: 'The map, from its configuration, and the figures of the process.',
    givesUp: 'Every figure of nodes and channels: no rates, no depths, no verdict.',
  },
  {
    level: 'basic',
    title: 'Basic',
    shows: 'Depth, capacity and messages of every channel.',
    givesUp: 'Items, durations and outcomes of nodes.',
  },
  {
    level: 'normal',
    title: 'Normal',
    shows: 'Channels, and what each node takes and gives, with outcomes.',
    givesUp: 'Working times and the finer figures of single nodes.',
  },
  {
    level: 'detailed',
    title: 'Detailed',
    shows: 'Everything that the engine measures, working times included.',
    givesUp: 'More metric points, and the engine’s time to make them.',
  },
];

export function LevelCards(props: {
  /** What is wanted; null where pipelines differ. */
  readonly chosen: RuntimeLevel | null;
  readonly running: RuntimeLevel | null;
  readonly disabled: boolean;
  readonly onChoose: (level: RuntimeLevel) => void;
}) {
  return (
    <div
      role="radiogroup"
      aria-label="Telemetry level"
      className="grid grid-cols-1 gap-3 min-[700px]:grid-cols-2 min-[1100px]:grid-cols-4"
    >
      {LEVELS.map(({ level, title, shows, givesUp }) => {
        const isChosen = props.chosen === level;
        const isRunning = props.running === level;
        return (
          <label
            key={level}
            className={cx(
              'flex cursor-pointer flex-col gap-2 rounded-m border bg-surface p-3 text-left has-disabled:cursor-not-allowed has-disabled:opacity-60 has-focus-visible:outline-2 has-focus-visible:outline-accent',
              isChosen ? 'border-accent ring-2 ring-accent-bg' : 'border-line hover:border-line-strong',
            )}
          >
            <input
              type="radio"
              name="telemetry-level"
              className="sr-only"
              aria-label={title}
              checked={isChosen}
              disabled={props.disabled}
              onChange={() => props.onChoose(level)}
            />
            <span className="flex items-center gap-2">
              <span className="text-l font-semibold">{title}</span>
              {isRunning && <Badge tone="ok">runs now</Badge>}
              {isChosen && !isRunning && <Badge tone="warn">wanted</Badge>}
            </span>
            <span className="text-s text-ink">{shows}</span>
            <span className="text-s text-ink-3">{givesUp}</span>
          </label>
        );
      })}
    </div>
  );
}
