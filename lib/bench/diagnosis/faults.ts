/** The faults that are injected, where each may fall, and which verdicts name it rightly. */

import type { FindingKind } from '@/lib/api/topology';
import type { Random } from '@/lib/base/random';
import { hasChannel, type NodeSpec, type PipelineSpec, type Role } from './pipeline-spec';
import type { Simulation } from './queue-simulation';

export type FaultKind =
  | 'slow'
  | 'failing'
  | 'error_burst'
  | 'drop'
  | 'misroute'
  | 'stall'
  | 'held'
  | 'cut'
  | 'neighbour'
  | 'bad_config';

export interface FaultType {
  readonly kind: FaultKind;
  readonly magnitude: number;
  readonly permanent?: boolean;
  readonly label: string;
}

export interface Fault extends FaultType {
  readonly node: string;
  /** Second of virtual time. */
  readonly at: number;
}

export const FAULT_TYPES: readonly FaultType[] = [
  ...[1.5, 3, 10].map((magnitude): FaultType => ({ kind: 'slow', magnitude, label: `slow × ${magnitude}` })),
  ...[0.05, 0.5, 1].flatMap((magnitude): FaultType[] => [
    { kind: 'failing', magnitude, permanent: false, label: `failing ${magnitude * 100} % retryable` },
    { kind: 'failing', magnitude, permanent: true, label: `failing ${magnitude * 100} % permanent` },
  ]),
  ...[0.02, 0.2].map(
    (magnitude): FaultType => ({
      kind: 'error_burst',
      magnitude,
      permanent: true,
      label: `error burst ${magnitude * 100} %`,
    }),
  ),
  ...[0.01, 0.1, 0.5].map(
    (magnitude): FaultType => ({ kind: 'drop', magnitude, label: `silent drop ${magnitude * 100} %` }),
  ),
  ...[0.05, 0.5].map(
    (magnitude): FaultType => ({ kind: 'misroute', magnitude, label: `misrouting ${magnitude * 100} %` }),
  ),
  ...[2, 30].map((magnitude): FaultType => ({ kind: 'stall', magnitude, label: `stall ${magnitude} s` })),
  { kind: 'held', magnitude: 5, label: 'batch held × 5' },
  { kind: 'cut', magnitude: 2, label: 'channel cut to 2' },
  { kind: 'neighbour', magnitude: 2, label: 'neighbour × 2' },
  { kind: 'bad_config', magnitude: 1, permanent: true, label: 'bad config pushed' },
];

const PROCESSORS: readonly Role[] = ['pass', 'filter', 'type_router', 'content_router', 'fanout'];

/** Nodes on which the fault may fall; none where the pipeline has no fitting one. */
export function placesFor(spec: PipelineSpec, { kind }: FaultType): readonly NodeSpec[] {
  const of = (...roles: readonly Role[]) => spec.nodes.filter(({ role }) => roles.includes(role));
  const isReal = ({ workers }: NodeSpec) => workers < 1_000;
  switch (kind) {
    case 'slow':
      return of(...PROCESSORS, 'batch', 'export');
    case 'failing':
      return of('export');
    case 'error_burst':
      return of(...PROCESSORS);
    case 'bad_config':
      return of('export', 'pass', 'filter');
    case 'drop':
      return of('pass', 'filter', 'type_router', 'content_router');
    case 'misroute':
      return of('type_router', 'content_router');
    case 'stall':
      return of(...PROCESSORS, 'batch', 'export').filter(isReal);
    case 'held':
      return of('batch');
    case 'cut':
      return of('pass', 'filter', 'export').filter(({ role }) => hasChannel(spec.style, role));
    case 'neighbour':
      return spec.sources.length < 2 ? [] : of('source');
  }
}

export function drawFault(spec: PipelineSpec, type: FaultType, random: Random, at: number): Fault | null {
  const places = placesFor(spec, type);
  const place = places[Math.floor(random.next() * places.length)];
  return place ? { ...type, node: place.id, at } : null;
}

/** Lays the fault upon the simulation; it lasts to the end of the run, a stall for its time. */
export function inject(sim: Simulation, fault: Fault): void {
  const node = sim.nodes.get(fault.node);
  if (!node) return;
  sim.at(fault.at, () => {
    const { faults } = node;
    switch (fault.kind) {
      case 'slow':
        faults.slow = fault.magnitude;
        return;
      case 'failing':
      case 'error_burst':
      case 'bad_config':
        faults.failing = fault.magnitude;
        faults.permanent = fault.permanent ?? false;
        return;
      case 'drop':
        faults.drop = fault.magnitude;
        return;
      case 'misroute':
        faults.misroute = fault.magnitude;
        return;
      case 'stall':
        faults.stalledUntil = fault.at + fault.magnitude;
        return;
      case 'held':
        faults.held = fault.magnitude;
        return;
      case 'cut':
        sim.setCapacity(node, fault.magnitude);
        return;
      case 'neighbour':
        for (const source of sim.sources) if (source.node === node) source.factor = fault.magnitude;
    }
  });
}

export interface Said {
  readonly kind: FindingKind;
  readonly node: string | null;
  /** Of an edge: where it comes from and leads to. */
  readonly from: string | null;
  readonly to: string | null;
  /** The action that it says it followed. */
  readonly followed: string | null;
}

const RIGHT_KINDS: Readonly<Record<FaultKind, readonly FindingKind[]>> = {
  // Whether a slow node limits depends on the load: both are its names.
  slow: ['slower', 'slow_destination', 'bottleneck'],
  failing: ['failing_destination'],
  error_burst: ['error_burst'],
  drop: ['drop', 'loss'],
  misroute: ['misrouted'],
  stall: ['stall'],
  held: ['stateful_delay'],
  cut: ['bottleneck'],
  neighbour: ['source_surge'],
  bad_config: ['failing_destination', 'error_burst'],
};

/** Whether a verdict names the fault: its node, or an edge of it, and its kind. */
export function names(spec: PipelineSpec, fault: Fault, said: Said): boolean {
  // Where a full queue does not block, what a channel of two places does is lose.
  if (fault.kind === 'cut' && spec.style === 'collector' && said.kind === 'loss')
    return said.node === fault.node;
  if (!RIGHT_KINDS[fault.kind].includes(said.kind)) return false;
  switch (fault.kind) {
    case 'cut':
      return said.to === fault.node;
    case 'misroute':
      return said.node === fault.node || said.from === fault.node;
    case 'stall':
      return said.node === fault.node || said.to === fault.node;
    default:
      return said.node === fault.node;
  }
}
