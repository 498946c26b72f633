/**
 * Bottlenecks and stalls: walking down from nodes that are blocked, over channels that are full, to the first node
 * that is not blocked itself.
 *
 *   gen ═══64/64═══▶ batch ═══64/64═══▶ exp          gen blocked, batch blocked, exp busy and not blocked: exp
 *                      └────2/64──▶ debug            (debug's channel has room: the walk does not go there)
 */
import { concurrencyAdvice } from './advice';
import { type Candidate, edgeEvidence, milliseconds, nodeEvidence, percent, rate } from './candidate';
import {
  blockedShare,
  busyShare,
  type EdgeView,
  edgesInto,
  edgesOutOf,
  isFull,
  type NodeView,
  type PipelineView,
} from './view';

/** Blocked for less than this is how a healthy channel breathes. */
const BLOCKED_ENOUGH = 0.08;
const BUSY = 0.85;
/** A node that is blocked for more than this passes the pressure on and is not its cause. */
const PASSES_ON = 0.3;
/** A stall: nothing taken for the whole window although something waits, by a node that is used to be quicker. */
const STALL_FACTOR = 5;

export function limitingNodes(view: PipelineView, windowSeconds: number): Candidate[] {
  const found = new Map<string, { readonly node: NodeView; readonly chain: readonly EdgeView[] }>();
  for (const start of view.nodes.values()) {
    for (const edge of edgesOutOf(view, start.id)) {
      if (!isPressing(view, edge)) continue;
      const end = walkDown(view, edge, [edge], new Set([start.id]));
      if (!end) continue;
      const held = found.get(end.node.id);
      if (!held || end.chain.length > held.chain.length) found.set(end.node.id, end);
    }
  }
  return [...found.values()].flatMap(({ node, chain }) => {
    const stall = stalled(view, node, chain, windowSeconds);
    if (stall) return [stall];
    return busyShare(view, node) >= BUSY ? [bottleneck(view, node, chain)] : [];
  });
}

/** Senders wait on it: told as blocked sends, as blocked time over a full channel, or as a channel that stays full. */
function isPressing(view: PipelineView, edge: EdgeView): boolean {
  if ((edge.blockedRatio ?? 0) >= BLOCKED_ENOUGH && (edge.utilization ?? 1) >= 0.5) return true;
  const sender = view.nodes.get(edge.from);
  const waits = sender?.now.blocked ?? null;
  return isFull(edge) && (waits === null || waits >= BLOCKED_ENOUGH);
}

function walkDown(
  view: PipelineView,
  edge: EdgeView,
  chain: readonly EdgeView[],
  seen: ReadonlySet<string>,
): { readonly node: NodeView; readonly chain: readonly EdgeView[] } | null {
  const node = view.nodes.get(edge.to);
  if (!node || seen.has(node.id)) return null;
  const busy = busyShare(view, node);
  const passesOn = blockedShare(view, node) >= PASSES_ON && blockedShare(view, node) > busy / 3;
  // Neither at work nor blocked: it waits for an outcome, which is made further down.
  const awaits = busy < BUSY && !passesOn;
  if (!passesOn && !awaits) return { node, chain };
  const below = edgesOutOf(view, node.id)
    .filter((next) => (passesOn ? isPressing(view, next) : isHeldBelow(view, next)))
    .sort((a, b) => (b.utilization ?? 0) - (a.utilization ?? 0));
  for (const next of below) {
    const end = walkDown(view, next, [...chain, next], new Set([...seen, node.id]));
    if (end) return end;
  }
  return { node, chain };
}

/** Whether what a node waits for is slow below `edge`: its channel is full or its consumer never rests. */
function isHeldBelow(view: PipelineView, edge: EdgeView): boolean {
  const target = view.nodes.get(edge.to);
  return isFull(edge) || (target !== undefined && busyShare(view, target) >= BUSY);
}

function stalled(
  view: PipelineView,
  node: NodeView,
  chain: readonly EdgeView[],
  windowSeconds: number,
): Candidate | null {
  const input = chain.at(-1);
  if (input?.receivedPerSec !== 0 || !((input.depth ?? 0) > 0)) return null;
  if (node.now.handled > 0) return null;
  // A node that always took long is not stuck for taking nothing in a short window.
  const usual = (node.past?.meanMs ?? 0) / Math.max(1, node.concurrency);
  if (usual * STALL_FACTOR > windowSeconds * 1_000) return null;
  if (blockedShare(view, node) >= PASSES_ON) return null;
  return {
    kind: 'stall',
    place: { kind: 'node', node: node.id },
    weight: 1 + (input.depth ?? 0),
    title: `Stalled: ${node.id}`,
    evidence: [
      nodeEvidence(node.id, `${node.id} has taken and finished nothing for ${windowSeconds} s`, 0, '1/s'),
      channelEvidence(input),
    ],
    advice: `Look at the batch in its hands; a restart of ${node.id} gives back what it holds.`,
  };
}

function bottleneck(view: PipelineView, node: NodeView, chain: readonly EdgeView[]): Candidate {
  const busy = node.now.busy;
  const inputs = edgesInto(view, node.id);
  const evidence = [
    busy === null
      ? nodeEvidence(node.id, `${node.id} takes less than comes, and nothing below it is full`, null, '')
      : nodeEvidence(
          node.id,
          `${node.id} is at work ${percent(busy)} of the time and not blocked`,
          busy,
          '1',
        ),
    ...chain.map(channelEvidence).reverse(),
    ...chain.flatMap((edge) => {
      const sender = view.nodes.get(edge.from);
      const share = sender?.now.blocked ?? null;
      return sender && share !== null && share > 0
        ? [nodeEvidence(sender.id, `${sender.id} is blocked ${percent(share)} of the time`, share, '1')]
        : [];
    }),
    ...serviceEvidence(node),
  ];
  const advice = concurrencyAdvice(node, inputs);
  return {
    kind: 'bottleneck',
    place: { kind: 'node', node: node.id },
    weight: inputs.reduce((most, edge) => Math.max(most, edge.blockedRatio ?? 0), 0) + chain.length / 100,
    title: `Bottleneck: ${node.id}`,
    evidence,
    ...(advice !== null && { advice }),
  };
}

function serviceEvidence(node: NodeView) {
  const { meanMs } = node.now;
  if (meanMs === null) return [];
  const before = node.past?.meanMs ?? null;
  const was = before !== null && meanMs > before * 1.3 ? `, ${milliseconds(before)} before` : '';
  return [nodeEvidence(node.id, `${milliseconds(meanMs)} working time a batch${was}`, meanMs, 'ms')];
}

function channelEvidence(edge: EdgeView) {
  const places = edge.depth !== null && edge.capacity !== null ? ` (${edge.depth}/${edge.capacity})` : '';
  const full = edge.utilization === null ? 'fills' : `was ${percent(edge.utilization)} full`;
  const sent = edge.sentPerSec === null ? '' : `, ${rate(edge.sentPerSec)} sent`;
  return edgeEvidence(edge.id, `${edge.channel} ${full}${places}${sent}`, edge.utilization, '1');
}
