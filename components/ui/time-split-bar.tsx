import { formatMs, formatPercent } from '@/lib/base/format';
import { cx } from './cx';

export interface TimeSplit {
  readonly waitMs?: number | null;
  readonly workMs?: number | null;
  readonly blockedMs?: number | null;
  readonly outcomeMs?: number | null;
}

const PARTS = [
  { key: 'waitMs', name: 'waiting', fill: 'fill-hatched' },
  { key: 'workMs', name: 'working', fill: 'fill-work' },
  { key: 'blockedMs', name: 'blocked', fill: 'fill-striped' },
  { key: 'outcomeMs', name: 'until the outcome', fill: 'border-t-2 border-line-strong self-center' },
] as const;

/** Where a batch's time went: hatched waiting, solid working, striped blocked, a thin line until the outcome. */
export function TimeSplitBar(props: {
  readonly split: TimeSplit;
  /** What the whole width stands for; else the sum of the parts. */
  readonly totalMs?: number;
  readonly className?: string;
}) {
  const parts = PARTS.map((part) => ({ ...part, ms: props.split[part.key] ?? 0 }));
  const sum = parts.reduce((total, part) => total + part.ms, 0);
  const total = Math.max(props.totalMs ?? 0, sum);
  const said = parts
    .filter((part) => part.ms > 0)
    .map((part) => `${part.name} ${formatMs(part.ms)} (${formatPercent(part.ms / total)})`)
    .join(', ');
  return (
    <span
      role="img"
      aria-label={said || 'no times known'}
      title={said}
      className={cx('flex h-1.5 w-full overflow-hidden rounded-[2px]', props.className)}
    >
      {parts.map((part) =>
        part.ms > 0 ? (
          <span key={part.key} className={part.fill} style={{ width: `${(part.ms / total) * 100}%` }} />
        ) : null,
      )}
    </span>
  );
}
