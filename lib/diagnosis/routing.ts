/** Misrouted: batches of a signal take a port that they never took, or another share of them than before. */
import { type Candidate, nodeEvidence, percent } from './candidate';
import type { NodeView, PipelineView } from './view';

/** Of a signal that went another way so far, and of the way that is new. */
const KNOWN_BATCHES = 30;
const SIGMAS = 5;
const LEAST_SHIFT = 0.02;
const LEAST_BATCHES = 20;

export function misroutingNodes(view: PipelineView): Candidate[] {
  return [...view.nodes.values()].flatMap((node) => {
    const worst = shifts(node).sort((a, b) => b.sigmas - a.sigmas)[0];
    return worst ? [describe(node, worst)] : [];
  });
}

interface Shift {
  readonly signal: string;
  readonly port: string;
  readonly now: number;
  readonly before: number;
  readonly sigmas: number;
  readonly isNew: boolean;
}

function shifts({ now, past }: NodeView): Shift[] {
  if (!past || past.routed.size === 0) return [];
  const ports = new Set([...past.routed.keys(), ...now.routed.keys()].map((key) => split(key).port));
  if (ports.size < 2) return [];
  const before = bySignal(past.routed);
  return [...bySignal(now.routed)].flatMap(([signal, routes]): Shift[] => {
    const known = before.get(signal);
    if (!known || known.total < KNOWN_BATCHES) return [];
    return [...new Set([...routes.ports.keys(), ...known.ports.keys()])].flatMap((port): Shift[] => {
      const count = routes.ports.get(port) ?? 0;
      const was = (known.ports.get(port) ?? 0) / known.total;
      const share = count / routes.total;
      const isNew = was === 0 && count >= 0.999;
      if (isNew) return [{ signal, port, now: share, before: 0, sigmas: 100 + count, isNew }];
      // The wrong port gains; that others lose follows from it.
      if (routes.total < LEAST_BATCHES || share - was < LEAST_SHIFT) return [];
      const variance =
        routes.total * Math.max(was * (1 - was), 0.5 / known.total) * (1 + routes.total / known.total);
      const sigmas = (count - routes.total * was) / Math.sqrt(variance);
      return sigmas < SIGMAS ? [] : [{ signal, port, now: share, before: was, sigmas, isNew }];
    });
  });
}

function bySignal(routed: ReadonlyMap<string, number>) {
  const found = new Map<string, { total: number; readonly ports: Map<string, number> }>();
  for (const [key, count] of routed) {
    const { signal, port } = split(key);
    const held = found.get(signal) ?? { total: 0, ports: new Map<string, number>() };
    held.total += count;
    held.ports.set(port, (held.ports.get(port) ?? 0) + count);
    found.set(signal, held);
  }
  return found;
}

function split(key: string): { readonly signal: string; readonly port: string } {
  const [signal = '', port = ''] = key.split(' ');
  return { signal, port };
}

function describe(node: NodeView, { signal, port, now, before, sigmas, isNew }: Shift): Candidate {
  const what = signal === '' ? 'batches' : signal;
  const text = isNew
    ? `${what} leave ${node.id} by ${port}, which they never did before`
    : `${percent(now)} of ${what} leave ${node.id} by ${port}, ${percent(before)} before`;
  return {
    kind: 'misrouted',
    place: { kind: 'node', node: node.id },
    weight: (now - before) * (node.now.outPerSec ?? node.now.inPerSec ?? 1),
    certain: isNew || sigmas > 2 * SIGMAS,
    title: `${node.id} routes ${what} another way`,
    evidence: [nodeEvidence(node.id, text, now, '1')],
    advice: `Look at the routes of ${node.id}, and at whether what comes in has changed its kind.`,
  };
}
