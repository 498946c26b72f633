/** Misrouted: batches of a signal take a port that they never took, or another share of them than before. */
import { type Candidate, nodeEvidence, percent } from './candidate';
import { type NodeView, type PipelineView, WINDOW_SECONDS } from './view';

/** Of a signal that went another way so far, and of the way that is new. */
const KNOWN_BATCHES = 30;
const SIGMAS = 4.3;
const CERTAIN_SIGMAS = 5.2;
/** What takes the wrong way comes out all the same, elsewhere: half as bad as not at all. */
const COMES_OUT = 0.5;
const LEAST_SHIFT = 0.02;
const LEAST_BATCHES = 10;

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
  /** That went the wrong way, in the window. */
  readonly batches: number;
  readonly sigmas: number;
  readonly isNew: boolean;
}

function shifts({ now, past }: NodeView): Shift[] {
  if (!past || past.routed.size === 0) return [];
  const ports = new Set([...past.routed.keys(), ...now.routed.keys()].map((key) => split(key).port));
  if (ports.size < 2) return [];
  const before = bySignal(past.routed);
  const routes = bySignal(now.routed);
  const fresh = [...routes].flatMap(([signal, { total, ports: taken }]): Shift[] => {
    const known = before.get(signal);
    if (!known || known.total < KNOWN_BATCHES) return [];
    return [...taken].flatMap(([port, count]): Shift[] =>
      known.ports.has(port) || count <= 0.2
        ? []
        : [{ signal, port, now: count / total, before: 0, batches: count, sigmas: 100 + count, isNew: true }],
    );
  });
  return fresh.length > 0 ? fresh : [...ports].flatMap((port) => shiftOf(port, routes, before));
}

/**
 * Of all signals together, each against its own share: another mix of signals moves no port by that. The wrong port
 * gains; that others lose follows from it.
 */
function shiftOf(port: string, routes: BySignal, before: BySignal): Shift[] {
  let [count, expected, variance, total] = [0, 0, 0, 0];
  let most = { signal: '', gain: 0 };
  for (const [signal, now] of routes) {
    const known = before.get(signal);
    if (!known || known.total < KNOWN_BATCHES) continue;
    const share = (known.ports.get(port) ?? 0) / known.total;
    const taken = now.ports.get(port) ?? 0;
    count += taken;
    total += now.total;
    expected += now.total * share;
    variance += now.total * Math.max(share * (1 - share), 0.5 / known.total) * (1 + now.total / known.total);
    if (taken - now.total * share > most.gain) most = { signal, gain: taken - now.total * share };
  }
  if (total < LEAST_BATCHES || count - expected < LEAST_SHIFT * total) return [];
  const sigmas = (count - expected) / Math.sqrt(variance);
  const isOne = most.gain > 0.8 * (count - expected) && routes.size > 1;
  return sigmas < SIGMAS
    ? []
    : [
        {
          signal: isOne ? most.signal : '',
          port,
          now: count / total,
          before: expected / total,
          batches: count - expected,
          sigmas,
          isNew: false,
        },
      ];
}

type BySignal = ReadonlyMap<string, { readonly total: number; readonly ports: ReadonlyMap<string, number> }>;

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

function describe(node: NodeView, { signal, port, now, before, batches, sigmas, isNew }: Shift): Candidate {
  const what = signal === '' ? 'batches' : signal;
  const text = isNew
    ? `${what} leave ${node.id} by ${port}, which they never did before`
    : `${percent(now)} of ${what} leave ${node.id} by ${port}, ${percent(before)} before`;
  return {
    kind: 'misrouted',
    place: { kind: 'node', node: node.id },
    weight:
      COMES_OUT * (batches / WINDOW_SECONDS) * (node.now.itemsPerBatch ?? node.past?.itemsPerBatch ?? 1),
    certain: isNew || sigmas > CERTAIN_SIGMAS,
    opensAfter: 1,
    title: `${node.id} routes ${what} another way`,
    evidence: [nodeEvidence(node.id, text, now, '1')],
    advice: `Look at the routes of ${node.id}, and at whether what comes in has changed its kind.`,
  };
}
