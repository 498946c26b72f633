'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { ErrorState, Loading } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import type { MetricsAnswer } from '@/lib/api/metrics';
import type { TopologyAnswer } from '@/lib/api/topology';
import type { TraceAnswer } from '@/lib/api/traces';
import { formatClock, formatMs } from '@/lib/base/format';
import { errorMessage } from '@/lib/client/api-error';
import { fetchJson } from '@/lib/client/fetch-json';
import { nodeColor } from '@/lib/client/node-color';
import { type BaselineNode, pathBaseline, pathFigures } from '@/lib/traces/path-baseline';

const WINDOW = '5m';
const WINDOW_NANOS = 300_000_000_000n;

/** One trace against what batches on its path took around that time, by the metrics of all of them. */
export function CompareWithPath({ answer }: { readonly answer: TraceAnswer }) {
  const { trace } = answer;
  const end = BigInt(trace.startUnixNano) + BigInt(Math.round(trace.durationMs * 1e6));
  const { data, error } = useQuery({
    queryKey: ['traces', 'baseline', trace.traceId, answer.revision],
    queryFn: async ({ signal }) => {
      const [map, paths] = await Promise.all([
        fetchJson<TopologyAnswer>('/api/v1/topology', {
          query: { engine: trace.engine, at: end.toString(), window: WINDOW },
          signal,
        }),
        fetchJson<MetricsAnswer>('/api/v1/metrics', {
          query: {
            engine: trace.engine,
            metric: 'path.latency',
            from: (end - WINDOW_NANOS).toString(),
            to: end.toString(),
            stepMs: 300_000,
          },
          signal,
        }),
      ]);
      return { nodes: pathBaseline(answer.statistics, map), paths: pathFigures(answer.path, paths.series) };
    },
    retry: false,
  });
  if (error)
    return <ErrorState title="The figures of its path cannot be read" message={errorMessage(error)} />;
  if (!data) return <Loading label="Reading the figures of its path …" />;
  const slow = data.nodes.filter((node) => node.slow.length > 0);
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4">
      <p className="mb-1 text-m">
        <Link href={`/traces/${trace.traceId}`} className="num text-accent hover:underline">
          {trace.batchId || trace.traceId.slice(0, 16)}
        </Link>{' '}
        took <b className="num font-semibold">{formatMs(trace.durationMs)}</b>
        {slow.length === 0
          ? '; no node took longer with it than with 99 of 100 batches.'
          : `; slower than 99 of 100 batches at ${slow.map((node) => node.node).join(', ')}.`}
      </p>
      <p className="mb-3 text-s text-ink-3">
        Held against the metrics of every batch in the five minutes until {formatClock(end.toString())}, not
        against the traces that were kept.
      </p>
      {data.paths.length > 0 ? (
        <ul className="mb-3 flex flex-col gap-0.5 text-s">
          {data.paths.map((path) => (
            <li key={path.path} className="num text-ink-2">
              <span className="text-ink">{path.path.split('>').join(' › ')}</span> · p50{' '}
              {formatMs(path.p50Ms)} · p95 {formatMs(path.p95Ms)} · p99 {formatMs(path.p99Ms)}
            </li>
          ))}
        </ul>
      ) : null}
      <Table label="Nodes of the trace and of its path" className="rounded-m border border-line bg-surface">
        <thead>
          <tr>
            <Th>Node</Th>
            <Th figure>Waiting</Th>
            <Th figure>p50 · p99</Th>
            <Th figure>Working</Th>
            <Th figure>p50 · p99</Th>
            <Th figure>Blocked</Th>
            <Th figure>mean</Th>
            <Th className="w-full">Found</Th>
          </tr>
        </thead>
        <tbody>
          {data.nodes.map((node) => (
            <BaselineRow key={node.node} node={node} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function BaselineRow({ node }: { readonly node: BaselineNode }) {
  const tone = (kind: 'waiting' | 'working') => (node.slow.includes(kind) ? 'text-blocked' : '');
  const pair = (p50: number | null, p99: number | null) =>
    p50 === null && p99 === null ? '–' : `${formatMs(p50)} · ${formatMs(p99)}`;
  return (
    <tr className="hover:bg-free/40">
      <Td>
        <span className="flex items-center gap-1.5 whitespace-nowrap font-medium">
          <i className="size-2 rounded-[2px]" style={{ background: nodeColor(node.node) }} />
          {node.node}
          {node.own.spans > 1 ? <span className="num text-xs text-ink-3">×{node.own.spans}</span> : null}
        </span>
      </Td>
      <Td figure className={tone('waiting')}>
        {formatMs(node.waitMs)}
      </Td>
      <Td figure className="whitespace-nowrap text-ink-3">
        {pair(node.waitP50Ms, node.waitP99Ms)}
      </Td>
      <Td figure className={tone('working')}>
        {formatMs(node.workMs)}
      </Td>
      <Td figure className="whitespace-nowrap text-ink-3">
        {pair(node.workP50Ms, node.workP99Ms)}
      </Td>
      <Td figure>{formatMs(node.blockedMs)}</Td>
      <Td figure className="text-ink-3">
        {formatMs(node.blockedMeanMs)}
      </Td>
      <Td className="text-ink-2">{node.slow.length > 0 ? `${node.slow.join(' and ')} beyond p99` : ''}</Td>
    </tr>
  );
}
