'use client';
import Link from 'next/link';
import { parseAsString, useQueryStates } from 'nuqs';
import { Button } from '@/components/ui/button';
import { EmptyState, ErrorState, Loading } from '@/components/ui/states';
import { Table, Td, Th } from '@/components/ui/table';
import { TimeSplitBar } from '@/components/ui/time-split-bar';
import type { NodeTimes, TraceAnswer } from '@/lib/api/traces';
import { formatClock, formatCount, formatMs } from '@/lib/base/format';
import { errorMessage } from '@/lib/client/api-error';
import { nodeColor } from '@/lib/client/node-color';
import { ALL_SPANS, useTrace, useTraces } from '@/lib/client/queries';
import { type ComparedNode, compareTraces } from '@/lib/traces/compare';
import { CompareWithPath } from './compare-with-path';

/** In place of a second trace: the path's own figures. */
const PATH = 'path';

/** Two traces side by side, or one and its path's figures, aligned by node. */
export function ComparePage() {
  const [ids, setIds] = useQueryStates({
    a: parseAsString.withDefault(''),
    b: parseAsString.withDefault(''),
  });
  const a = useTrace(ids.a, ALL_SPANS);
  const b = useTrace(ids.b === PATH ? '' : ids.b, ALL_SPANS);
  const error = a.error ?? b.error;
  return (
    <div className="flex h-full flex-col">
      <header className="flex flex-none items-baseline gap-3 border-b border-line bg-surface px-4 py-2.5">
        <h1 className="text-l font-semibold">Compare</h1>
        <Link href="/traces" className="text-s text-accent hover:underline">
          All traces
        </Link>
      </header>
      {error ? <ErrorState title="One of them cannot be read" message={errorMessage(error)} /> : null}
      {ids.b === PATH && a.data ? (
        <CompareWithPath answer={a.data} />
      ) : ids.a === '' || ids.b === '' ? (
        <ChooseOther a={ids.a} onChoose={(b) => void setIds(ids.a === '' ? { a: b } : { b })} />
      ) : a.data && b.data ? (
        <Comparison a={a.data} b={b.data} />
      ) : error ? null : (
        <Loading label="Reading both traces …" />
      )}
    </div>
  );
}

/** One is given: traces of the same path are what it is best compared with. */
function ChooseOther(props: { readonly a: string; readonly onChoose: (traceId: string) => void }) {
  const { data } = useTraces({ limit: 50 });
  const own = useTrace(props.a);
  const path = own.data?.trace.nodeIds.join('>');
  const others = (data?.traces ?? []).filter((trace) => trace.traceId !== props.a);
  const sorted = [...others].sort(
    (x, y) => Number(y.nodeIds.join('>') === path) - Number(x.nodeIds.join('>') === path),
  );
  return (
    <EmptyState title={props.a === '' ? 'Choose two traces in the list' : 'Compare with which?'}>
      {props.a === '' ? null : (
        <>
          <Button variant="primary" onClick={() => props.onChoose(PATH)}>
            With the figures of its path
          </Button>
          <ul className="flex max-h-[60vh] w-full flex-col overflow-auto">
            {sorted.map((trace) => (
              <li key={trace.traceId}>
                <button
                  type="button"
                  onClick={() => props.onChoose(trace.traceId)}
                  className="grid w-full grid-cols-[auto_minmax(8rem,1fr)_5rem_3rem_5rem] items-baseline gap-3 rounded-s px-2 py-1 text-left hover:bg-free/40"
                >
                  <span className="num text-ink-3">{formatClock(trace.startUnixNano, true)}</span>
                  <span className="num truncate font-medium text-ink">
                    {trace.batchId || trace.traceId.slice(0, 16)}
                  </span>
                  <span className="num text-right">{formatMs(trace.durationMs)}</span>
                  <span className={trace.status === 'error' ? 'text-bad' : 'text-ink-3'}>{trace.status}</span>
                  {trace.nodeIds.join('>') === path ? <span className="text-ink-3">same path</span> : null}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </EmptyState>
  );
}

function Comparison({ a, b }: { readonly a: TraceAnswer; readonly b: TraceAnswer }) {
  const { nodes, reordered, deltaMs } = compareTraces(a, b);
  const longest = Math.max(0, ...nodes.flatMap((node) => [sumOf(node.a), sumOf(node.b)]));
  return (
    <div className="min-h-0 flex-1 overflow-auto p-4">
      <p className="mb-3 text-m">
        <TraceName answer={b} /> took <Delta ms={deltaMs} /> than <TraceName answer={a} />
        {reordered ? <span className="text-warn">; it went through its nodes in another order</span> : null}.
      </p>
      <Table label="Nodes of both traces" className="rounded-m border border-line bg-surface">
        <thead>
          <tr>
            <Th>Node</Th>
            <Th className="w-[26%]" title="wait · work · blocked">
              A · <span className="num">{a.trace.batchId}</span>
            </Th>
            <Th className="w-[26%]" title="wait · work · blocked">
              B · <span className="num">{b.trace.batchId}</span>
            </Th>
            <Th figure>B − A</Th>
            <Th>Events that differ</Th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <ComparedRow key={node.node} node={node} longest={longest} />
          ))}
        </tbody>
      </Table>
    </div>
  );
}

function ComparedRow({ node, longest }: { readonly node: ComparedNode; readonly longest: number }) {
  return (
    <tr className="hover:bg-free/40">
      <Td>
        <span className="flex items-center gap-1.5 whitespace-nowrap font-medium">
          <i className="size-2 rounded-[2px]" style={{ background: nodeColor(node.node) }} />
          {node.node}
        </span>
      </Td>
      {([node.a, node.b] as const).map((times, i) => (
        <Side key={i === 0 ? 'a' : 'b'} times={times} longest={longest} />
      ))}
      <Td figure className={node.deltaMs > 0 ? 'text-blocked' : 'text-ok'}>
        {node.deltaMs > 0 ? '+' : ''}
        {formatMs(node.deltaMs)}
      </Td>
      <Td className="min-w-48 text-ink-2">
        {node.events
          .map((event) => `${event.name} ${formatCount(event.a)} → ${formatCount(event.b)}`)
          .join(', ')}
      </Td>
    </tr>
  );
}

function Side({ times, longest }: { readonly times: NodeTimes | null; readonly longest: number }) {
  if (!times) return <Td className="text-ink-3">did not go through it</Td>;
  return (
    <Td>
      <span className="flex flex-col gap-1 py-1">
        <TimeSplitBar split={times} totalMs={longest} />
        <span className="num whitespace-nowrap text-xs text-ink-2" title="wait · work · blocked">
          {formatMs(times.waitMs)} · {formatMs(times.workMs)} · {formatMs(times.blockedMs)}
        </span>
      </span>
    </Td>
  );
}

function Delta({ ms }: { readonly ms: number }) {
  return (
    <b className={ms > 0 ? 'num font-semibold text-blocked' : 'num font-semibold text-ok'}>
      {formatMs(Math.abs(ms))} {ms > 0 ? 'longer' : 'less'}
    </b>
  );
}

function TraceName({ answer }: { readonly answer: TraceAnswer }) {
  const { trace } = answer;
  return (
    <Link href={`/traces/${trace.traceId}`} className="num text-accent hover:underline">
      {trace.batchId || trace.traceId.slice(0, 16)}
    </Link>
  );
}

function sumOf(times: NodeTimes | null): number {
  return times ? times.waitMs + times.workMs + times.blockedMs : 0;
}
