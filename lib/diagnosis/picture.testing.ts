/**
 * A pipeline and its figures as text, one line a node or a channel:
 *
 *   gen            busy=10% blocked=60% in=200
 *   gen > batch    64/64 full=100% sent=20 took=20 waits=80%
 *   exp            busy=99% mean=50ms was=10ms batches=20 failing=8%
 *
 * Of a node: `busy blocked in batches mean handled failing errors lost reduced workers`; of its past:
 * `was` (mean ms) `spread` `wasIn` `peakIn` `wasBatches` `wasFailing` `wasReduced` (a share).
 */
import type { NodeKind } from '@/lib/semconv/signals';
import { edgeId } from '@/lib/topology/edge-id';
import type { EdgeView, NodeFigures, NodeView, PipelineView } from './view';

export function picture(text: string, at = 1_700_000_000): PipelineView {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const edges = lines.flatMap((line) => (line.includes('>') ? [edgeOf(line)] : []));
  const figures = new Map(
    lines.flatMap((line) =>
      line.includes('>') ? [] : [[line.split(/\s+/)[0] ?? '', figuresOf(line)] as const],
    ),
  );
  const ids = new Set([...figures.keys(), ...edges.flatMap((edge) => [edge.from, edge.to])]);
  const nodes = [...ids].map((id): [string, NodeView] => [id, nodeOf(id, figures.get(id) ?? {}, edges)]);
  return { at, nodes: new Map(nodes), edges, queues: [], reportSeconds: 0.25 };
}

type Figures = Readonly<Record<string, number>>;

function nodeOf(id: string, told: Figures, edges: readonly EdgeView[]): NodeView {
  const value = (name: string) => told[name] ?? null;
  const kind: NodeKind = !edges.some((edge) => edge.to === id)
    ? 'receiver'
    : edges.some((edge) => edge.from === id)
      ? 'processor'
      : 'exporter';
  const now: NodeFigures = {
    inPerSec: value('in'),
    outPerSec: value('out'),
    batchesPerSec: value('batches'),
    busy: value('busy'),
    blocked: value('blocked'),
    meanMs: value('mean'),
    typicalMs: value('mean'),
    maxMs: value('max'),
    handled: told.handled ?? 100,
    failing: value('failing'),
    failed: told.failing === undefined ? null : told.failing * (told.handled ?? 100),
    errorRatio: value('errors'),
    lostPerSec: value('lost'),
    overflowPerSec: value('overflow'),
    lostReasons: [],
    reducedPerSec: value('reduced'),
    itemsPerBatch: value('size'),
    unaccounted: value('open'),
    vanished: value('away'),
    open: [],
    heldMs: value('held'),
    flushMs: value('flush'),
    inFlight: value('inflight'),
    failingSaid: told.said ?? 0,
    routed: routedOf(told, ''),
    quietSeconds: told.quiet ?? 0,
  };
  const handled = 12 * now.handled;
  return {
    id,
    kind,
    type: '',
    stateful: told.held !== undefined || told.flush !== undefined,
    state: null,
    concurrency: told.workers ?? 1,
    now,
    latest: now,
    past: {
      slices: 20,
      inPerSec: value('wasIn'),
      inSpread: 0,
      batchesPerSec: value('wasBatches'),
      peakInPerSec: value('peakIn'),
      meanMs: value('was'),
      meanMsSpread: told.spread ?? 0,
      maxMs: value('wasMax'),
      quietSeconds: 0,
      busy: null,
      failing: told.wasFailing ?? 0,
      failed: (told.wasFailing ?? 0) * handled,
      failedInBursts: 1,
      handled,
      reducedShare: value('wasReduced'),
      itemsPerBatch: value('wasSize'),
      unaccounted: usual(told.wasOpen),
      vanished: usual(told.wasAway),
      open: [],
      held: usual(told.wasHeld),
      flush: usual(told.wasFlush),
      inFlight: usual(told.wasInflight),
      failingSaid: 0,
      yield: usual(told.wasYield),
      routed: routedOf(told, 'was_'),
    },
  };
}

function usual(mean: number | undefined) {
  return mean === undefined ? null : { mean, spread: 0, most: mean };
}

/** `logs_a=40` are batches of logs by port a; `was_logs_a=400` those of the past. */
function routedOf(told: Figures, prefix: string): ReadonlyMap<string, number> {
  const found = Object.entries(told).flatMap(([name, count]): [string, number][] => {
    const match = /^(was_)?(logs|traces|metrics)_(\w+)$/.exec(name);
    return match && (match[1] ?? '') === prefix ? [[`${match[2]} ${match[3]}`, count]] : [];
  });
  return new Map(found);
}

function edgeOf(line: string): EdgeView {
  const match = /^(\S+?)(?::(\S+))?\s*>\s*(\S+)(.*)$/.exec(line);
  const [, from = '', port = 'default', to = '', rest = ''] = match ?? [];
  const [depth, capacity] = /(\d+)\/(\d+)/.exec(rest)?.slice(1).map(Number) ?? [];
  const told = figuresOf(rest);
  const depths = /depths=([\d,]+)/.exec(rest)?.[1]?.split(',').map(Number) ?? [];
  return {
    id: edgeId({ from, port, to }),
    from,
    to,
    port,
    channel: `pdata:${to}`,
    depth: depth ?? null,
    capacity: capacity ?? null,
    utilization: told.full ?? (depth !== undefined && capacity !== undefined ? depth / capacity : null),
    sentPerSec: told.sent ?? null,
    receivedPerSec: told.took ?? null,
    blockedRatio: told.waits ?? null,
    depths,
    past: {
      slices: 20,
      utilization: null,
      blockedRatio: usual(told.wasWaits),
      depth: null,
      sentPerSec: told.wasSent ?? null,
      capacity: told.wasPlaces ?? null,
    },
  };
}

/** `name=12`, `name=80%`, `name=5ms`. */
function figuresOf(text: string): Figures {
  const found = [...text.matchAll(/(\w+)=([\d.]+)(%?)/g)];
  return Object.fromEntries(
    found.map(([, name, value, share]) => [name, Number(value) / (share === '%' ? 100 : 1)]),
  );
}
