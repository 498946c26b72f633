'use client';

/** What changed after an action: 30 s before against 30 s after, with the noise of the time before. */
import { Table, Td, Th } from '@/components/ui/table';
import type { ChangeAfter } from '@/lib/api/control';
import { formatMs, formatPercent, formatRate } from '@/lib/base/format';

const NAMES = { throughput: 'throughput', p99: 'p99', utilization: 'utilisation' } as const;
const FORMATS = { throughput: formatRate, p99: formatMs, utilization: formatPercent } as const;

export function AfterSummary({ after }: { readonly after: ChangeAfter | null }) {
  if (!after) return <span className="text-ink-3">not yet known</span>;
  if (after.verdict === 'cannot_tell') {
    return (
      <span className="text-ink-3" title={after.why ?? undefined}>
        cannot tell
      </span>
    );
  }
  const changed = after.measures.filter((measure) => measure.changed);
  if (changed.length === 0) return <span className="text-ink-2">nothing</span>;
  return (
    <span className="num text-ink">
      {changed
        .map((measure) => `${NAMES[measure.measure]} ${factor(measure.before, measure.after)}`)
        .join(', ')}
    </span>
  );
}

export function AfterTable({ after }: { readonly after: ChangeAfter | null }) {
  if (!after) return <p className="text-s text-ink-3">What changed after it is known 30 s after it.</p>;
  if (after.verdict === 'cannot_tell')
    return <p className="text-s text-ink-2">Cannot tell what changed: {after.why}</p>;
  return (
    <Table label="Thirty seconds before and after" className="!w-auto">
      <thead>
        <tr>
          <Th className="!bg-sunken">measure</Th>
          <Th className="!bg-sunken" figure>
            30 s before
          </Th>
          <Th className="!bg-sunken" figure>
            30 s after
          </Th>
          <Th className="!bg-sunken" figure>
            noise
          </Th>
        </tr>
      </thead>
      <tbody>
        {after.measures.map((measure) => (
          <tr key={measure.measure} className={measure.changed ? 'text-ink' : 'text-ink-3'}>
            <Td>{NAMES[measure.measure]}</Td>
            <Td figure>{FORMATS[measure.measure](measure.before)}</Td>
            <Td figure>{FORMATS[measure.measure](measure.after)}</Td>
            <Td figure>± {FORMATS[measure.measure](measure.noise)}</Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

/** `×11` where it grew much, `+12 %` where little; plain figures where there was nothing before. */
function factor(before: number | null, after: number | null): string {
  if (before === null || after === null) return 'changed';
  if (before === 0) return 'from 0';
  const ratio = after / before;
  if (ratio >= 2) return `×${ratio >= 10 ? Math.round(ratio) : ratio.toFixed(1)}`;
  return `${ratio >= 1 ? '+' : '−'}${Math.abs((ratio - 1) * 100).toFixed(0)} %`;
}
