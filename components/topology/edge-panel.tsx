'use client';
import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading } from '@/components/ui/panel';
import type { EdgeStats, TopologyEdge } from '@/lib/api/topology';
import { formatCompact, formatCount, formatMs, formatPercent, formatRate } from '@/lib/base/format';
import { useEdgeStats, useNodeStats } from '@/lib/client/live-stats';
import { useStatsWindow } from '@/lib/client/url-state';
import { ConservationLine } from './conservation-line';
import { ControlHere } from './control-here';
import { LastBatches } from './last-batches';
import { edgeStep, isFull, measureOf, stepColor } from './measures';
import { MetricChart } from './metric-chart';
import { FocusChoice, PanelTitle } from './side-panel-parts';

export function EdgePanel({ edge, onClose }: { readonly edge: TopologyEdge; readonly onClose: () => void }) {
  const stats = useEdgeStats(edge.id);
  const target = useNodeStats(edge.to);
  const [window] = useStatsWindow();
  const color = stepColor(edgeStep(stats, measureOf('utilization')));
  const request = { channel: edge.channel };
  const targets = [edge.channel, edge.to];
  return (
    <>
      <PanelTitle
        title={
          <>
            {edge.from} <span className="text-ink-3">→</span> {edge.to}
          </>
        }
        sub={
          <>
            channel · port <span className="num">{edge.port}</span> · capacity{' '}
            <span className="num">{formatCount(stats?.capacity)}</span> · {edge.provenance}
          </>
        }
        onClose={onClose}
      />
      <FocusChoice />
      <MetricChart
        title={stats && isFull(stats) ? 'UTILISATION: FULL' : 'UTILISATION'}
        targets={targets}
        max={1}
        height={64}
        request={{ ...request, metric: 'channel.utilization' }}
        lines={[{ name: 'utilisation', color }]}
      />
      <MetricChart
        title="WAIT IN CHANNEL"
        targets={targets}
        request={{ ...request, metric: 'channel.wait' }}
        lines={[
          { name: 'p99', split: 'p99', color: 'var(--wait)' },
          { name: 'p50', split: 'p50', color: 'var(--text-3)', area: false },
        ]}
      />
      <MetricChart
        title="SENDS THAT WAITED"
        targets={targets}
        height={36}
        request={{ ...request, metric: 'channel.blocked' }}
        lines={[{ name: 'blocked', color: 'var(--blocked)' }]}
      />
      {stats ? <EdgeNow stats={stats} window={window} /> : null}
      <ConservationLine account={target?.conservation ?? null} at={edge.to} />
      <LastBatches node={edge.to} />
      <ControlHere targets={targets} />
    </>
  );
}

const SOURCES = {
  occupancy: 'occupancy over time',
  gauge: 'depth gauge',
  spans: 'estimated from spans',
} as const;

/** Mean depth by the two ways that the source tells; a difference that sampling does not explain is said. */
function checkRow({ utilization, utilizationSource, utilizationCheck: check, capacity }: EdgeStats) {
  if (!check || utilization === null || capacity === null) return [];
  const depth = (share: number) => formatCompact(Math.round(share * capacity * 10) / 10);
  const [first, second] = [CHECKED[utilizationSource ?? 'gauge'], CHECKED[check.source]];
  return [
    {
      key: 'check',
      label: `${first} against ${second}`,
      value: (
        <span
          className={check.differs ? 'text-bad' : 'text-ok'}
          title={
            check.differs
              ? 'They differ by more than sampling explains: one of both is wrong.'
              : 'They agree as far as sampling allows.'
          }
        >
          {depth(utilization)} {check.differs ? '≠' : '≈'} {depth(check.value)}
        </span>
      ),
    },
  ];
}

const CHECKED = { occupancy: 'occupancy', gauge: 'the gauge', spans: 'the waits' } as const;

function EdgeNow({ stats, window }: { readonly stats: EdgeStats; readonly window: string }) {
  return (
    <>
      <GroupHeading aside={stats.partial ? 'window not full yet' : null}>NOW, over {window}</GroupHeading>
      <KeyValues
        items={[
          {
            key: 'depth',
            value: `${formatCompact(stats.depth)} / ${formatCompact(stats.capacity)} ${stats.depthUnit ?? ''}`,
          },
          {
            key: 'utilisation',
            label: 'utilisation · highest second',
            value: `${formatPercent(stats.utilization)} · ${formatPercent(stats.utilizationPeak)}`,
          },
          {
            key: 'source',
            label: 'known from',
            value: stats.utilizationSource ? SOURCES[stats.utilizationSource] : '–',
          },
          ...checkRow(stats),
          { key: 'rate', label: stats.rateUnit, value: formatRate(stats.ratePerSec) },
          { key: 'sends that waited', value: formatPercent(stats.blockedRatio) },
          {
            key: 'wait',
            label: 'wait median · p99',
            value: `${formatMs(stats.waitP50Ms)} · ${formatMs(stats.waitP99Ms)}`,
          },
          {
            key: 'time to drain',
            value: (
              <span
                title={
                  stats.depthUnit === 'bytes'
                    ? 'The queue counts bytes, and how many of those leave is not told'
                    : undefined
                }
              >
                {formatMs(stats.drainMs)}
              </span>
            ),
          },
          ...(stats.parts ?? []).map((part) => ({
            key: `part ${part.name}`,
            label: part.name,
            value: `${formatPercent(part.utilization)} · ${formatCompact(part.depth)}/${formatCompact(part.capacity)}`,
          })),
        ]}
      />
    </>
  );
}
