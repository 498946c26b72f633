'use client';
import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading } from '@/components/ui/panel';
import { TimeSplitBar } from '@/components/ui/time-split-bar';
import type { LineageAnswer, TraceAnswer } from '@/lib/api/traces';
import { formatCount, formatMs } from '@/lib/base/format';
import { ConservationList, MergeList } from './journey-sums';
import { LineageGraph } from './lineage-graph';
import { PathMap } from './path-map';
import type { RowActions } from './row-line';
import { WhyKept } from './why-kept';

/** What the whole trace or journey says, while no span is opened. */
export function TraceAside(props: {
  readonly answer: TraceAnswer;
  readonly lineage: LineageAnswer | null;
  readonly journey: boolean;
  readonly jump: RowActions['jump'];
}) {
  const { answer, lineage } = props;
  const slowest = [...answer.statistics].sort((a, b) => spent(b) - spent(a)).slice(0, 5);
  const longest = Math.max(0, ...slowest.map(spent));
  return (
    <>
      <h2 className="text-l font-semibold">{props.journey ? 'The journey' : 'The way through'}</h2>
      <div className="mt-3">
        <PathMap path={answer.path} current={null} />
      </div>
      {lineage && lineage.batches.length > 1 ? (
        <>
          <GroupHeading aside={`${formatCount(lineage.batches.length)} of ${formatCount(lineage.total)}`}>
            LINEAGE
          </GroupHeading>
          <LineageGraph
            lineage={lineage}
            traceId={answer.trace.traceId}
            onOpen={(batch) => props.jump(batch.traceId, batch.rootSpanId)}
          />
          <MergeList lineage={lineage} />
          {lineage.complete ? null : (
            <p className="mt-1 text-xs text-warn">Not the whole journey: {missingOf(lineage)}.</p>
          )}
        </>
      ) : null}
      {props.journey && lineage?.account ? (
        <ConservationList account={lineage.account} jump={props.jump} />
      ) : null}
      <GroupHeading aside="all its spans">WHERE THE TIME WENT</GroupHeading>
      <KeyValues
        items={slowest.map((node) => ({
          key: node.node,
          value: (
            <span className="flex items-center gap-2">
              <TimeSplitBar split={node} totalMs={longest} />
              <span className="w-16 flex-none text-right">{formatMs(spent(node))}</span>
            </span>
          ),
        }))}
        wide
      />
      <WhyKept answer={answer} />
    </>
  );
}

/** Why a journey is not whole, by kind. */
function missingOf(lineage: LineageAnswer): string {
  const count = (state: 'evicted' | 'unknown') =>
    lineage.batches.filter((batch) => batch.state === state).length;
  const [evicted, unknown] = [count('evicted'), count('unknown')];
  const past = lineage.total - lineage.batches.length;
  return [
    evicted > 0 ? `${formatCount(evicted)} left the store` : '',
    unknown > 0 ? `${formatCount(unknown)} never came` : '',
    past > 0 ? `${formatCount(past)} more than are shown` : '',
  ]
    .filter(Boolean)
    .join(', ');
}

function spent(node: TraceAnswer['statistics'][number]): number {
  return node.waitMs + node.workMs + node.blockedMs + node.heldMs;
}
