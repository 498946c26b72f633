'use client';
import { Badge } from '@/components/ui/badge';
import { KeyValues } from '@/components/ui/key-values';
import { GroupHeading } from '@/components/ui/panel';
import type { NodeStats, TopologyNode } from '@/lib/api/topology';
import { formatCompact, formatCount, formatMs, formatPercent, formatRate } from '@/lib/base/format';
import { useNodeStats } from '@/lib/client/live-stats';
import { nodeColor } from '@/lib/client/node-color';
import { useStatsWindow } from '@/lib/client/url-state';
import { ConservationLine } from './conservation-line';
import { ControlHere } from './control-here';
import { LastBatches } from './last-batches';
import { LastErrors } from './last-errors';
import { MetricChart } from './metric-chart';
import { badgesOf, shortType } from './node-figures';
import { NodeIcon } from './node-icon';
import { FocusChoice, PanelTitle } from './side-panel-parts';

export function NodePanel({ node, onClose }: { readonly node: TopologyNode; readonly onClose: () => void }) {
  const stats = useNodeStats(node.id);
  const [window] = useStatsWindow();
  const request = { node: node.id };
  return (
    <>
      <PanelTitle
        title={node.component}
        icon={
          <span style={{ color: nodeColor(node.id) }}>
            <NodeIcon kind={node.kind} size={16} />
          </span>
        }
        sub={
          <>
            {node.kind} <span className="num">{shortType(node.type)}</span>
            {node.pipeline ? ` · ${node.pipeline}` : ''}
          </>
        }
        onClose={onClose}
      />
      <p className="mt-1 flex flex-wrap gap-1">
        {badgesOf(node, stats).map((badge) => (
          <Badge key={badge.text} tone={badge.tone} title={badge.title}>
            {badge.text}
          </Badge>
        ))}
      </p>
      <FocusChoice />
      <MetricChart
        title="THROUGHPUT, items"
        targets={[node.id]}
        request={{
          ...request,
          metric: node.kind === 'exporter' ? 'node.throughput_in' : 'node.throughput_out',
        }}
        lines={[{ name: node.kind === 'exporter' ? 'in' : 'out', color: 'var(--u1)' }]}
      />
      <MetricChart
        title="WORKING TIME"
        targets={[node.id]}
        request={{ ...request, metric: 'node.latency' }}
        lines={[
          { name: 'p99', split: 'p99', color: 'var(--work)' },
          { name: 'p50', split: 'p50', color: 'var(--text-3)', area: false },
        ]}
      />
      <MetricChart
        title="WORKING"
        targets={[node.id]}
        height={36}
        max={1}
        request={{ ...request, metric: 'node.busy' }}
        lines={[{ name: 'working', color: 'var(--work)' }]}
      />
      {node.kind === 'exporter' ? null : (
        <MetricChart
          title="BLOCKED ON SEND"
          targets={[node.id]}
          height={36}
          max={1}
          request={{ ...request, metric: 'node.blocked' }}
          lines={[{ name: 'blocked', color: 'var(--blocked)' }]}
        />
      )}
      {stats ? <NodeNow stats={stats} window={window} /> : null}
      <ConservationLine account={stats?.conservation ?? null} at={node.component} />
      <LastBatches node={node.id} />
      <LastErrors node={node.id} />
      <ControlHere targets={[node.id]} />
      <Config node={node} />
    </>
  );
}

function NodeNow({ stats, window }: { readonly stats: NodeStats; readonly window: string }) {
  return (
    <>
      <GroupHeading aside={stats.partial ? 'window not full yet' : null}>NOW, over {window}</GroupHeading>
      <KeyValues
        items={[
          { key: 'in → out', value: `${formatRate(stats.inPerSec)} → ${formatRate(stats.outPerSec)}` },
          {
            key: 'work',
            label: 'work mean · p99 · max',
            value: `${formatMs(stats.meanMs)} · ${formatMs(stats.p99Ms)} · ${formatMs(stats.maxMs)}`,
          },
          ...(stats.untilAckMs == null
            ? []
            : [
                {
                  key: 'until ack',
                  label: 'until ack, mean, downstream included',
                  value: formatMs(stats.untilAckMs),
                },
              ]),
          {
            key: 'busy',
            label: 'working · blocked',
            value: `${formatPercent(stats.busyRatio)} · ${formatPercent(stats.blockedRatio)}`,
          },
          { key: 'failed batches', value: formatPercent(stats.errorRatio) },
          {
            key: 'in flight',
            label: 'in flight, batches · items',
            value: `${formatCompact(stats.inFlight)} · ${formatCompact(stats.inFlightItems)}`,
          },
          { key: 'concurrency', value: formatCount(stats.concurrency) },
          { key: 'reduced by design', value: formatRate(stats.reducedPerSec) },
          { key: 'lost', value: formatRate(stats.lostPerSec) },
        ]}
      />
    </>
  );
}

function Config({ node }: { readonly node: TopologyNode }) {
  if (node.config === null || node.config === undefined) return null;
  return (
    <details className="mt-4">
      <summary className="eyebrow">EFFECTIVE CONFIG</summary>
      <pre className="num mt-1 overflow-x-auto rounded-m bg-sunken p-2 leading-relaxed text-ink-2">
        {JSON.stringify(node.config, null, 2)}
      </pre>
    </details>
  );
}
