/**
 * Bottlenecks: walking down from nodes that are blocked, over channels that are full, to the first node that is not
 * blocked itself.
 *
 *   gen ═══64/64═══▶ batch ═══64/64═══▶ exp          gen blocked, batch blocked, exp busy and not blocked: exp
 *                      └────2/64──▶ debug            (debug's channel has room: the walk does not go there)
 */
import { concurrencyAdvice } from './advice';
import {
  type Candidate,
  edgeEvidence,
  lateness,
  milliseconds,
  nodeEvidence,
  percent,
  rate,
} from './candidate';
import { delayed, shortfall } from './harm';
import { whileYoung } from './hysteresis';
import {
  blockedShare,
  busyShare,
  type EdgeView,
  edgeName,
  edgesInto,
  edgesOutOf,
  isFull,
  type NodeView,
  type PipelineView,
  type Usual,
} from './view';

/** Blocked for less than this is how a healthy channel breathes. */
const BLOCKED_ENOUGH = 0.08;
const BUSY = 0.85;
/** A node that is blocked for more than this passes the pressure on and is not its cause. */
const PASSES_ON = 0.3;
const PINCHED = 1.5;
/** What a channel of a pipeline at its limit looks like for good: then it needs no onset. */
const CHRONIC = 0.6;
const BEYOND_PAST = 1.2;
const WITHOUT_PAST = 0.5;

interface Found {
  readonly node: NodeView;
  readonly chain: readonly EdgeView[];
}

export function limitingNodes(view: PipelineView): Candidate[] {
  const found = new Map<string, Found>();
  for (const start of view.nodes.values()) {
    for (const edge of edgesOutOf(view, start.id)) {
      if (!isPressing(view, edge)) continue;
      const end = walkDown(view, edge, [edge], new Set([start.id]));
      if (!end) continue;
      const held = found.get(end.node.id);
      if (!held || end.chain.length > held.chain.length) found.set(end.node.id, end);
    }
  }
  const byWalk = [...found.values()].flatMap(({ node, chain }): Candidate[] => {
    const input = chain.at(-1);
    if (input && isTooSmall(input)) return [tooSmall(view, node, input)];
    if (busyShare(view, node) >= BUSY) return [bottleneck(view, node, chain)];
    return [];
  });
  const shrunk = view.edges
    .filter((edge) => hasShrunk(edge) && !found.has(edge.to) && isPinched(view, edge))
    .map((edge) => tooSmall(view, view.nodes.get(edge.to) ?? null, edge));
  return [...byWalk, ...onePerChannel(shrunk, view)];
}

/** Senders wait on it: told as blocked sends, as blocked time over a full channel, or as a channel that stays full. */
function isPressing(view: PipelineView, edge: EdgeView): boolean {
  const ratio = edge.blockedRatio ?? 0;
  const slices = edge.past?.slices ?? 0;
  if (ratio >= BLOCKED_ENOUGH && (edge.utilization ?? 1) >= 0.5) {
    return isBeyond(ratio, edge.past?.blockedRatio ?? null, slices);
  }
  const waits = view.nodes.get(edge.from)?.now.blocked ?? null;
  if (!isFull(edge) || (waits !== null && waits < BLOCKED_ENOUGH)) return false;
  return isBeyond(edge.utilization ?? 0, edge.past?.utilization ?? null, slices);
}

/**
 * More than it ever was, or so much all along that nothing else has to be said. The less of the past is known, the more
 * it takes.
 */
function isBeyond(now: number, past: Usual | null, slices: number): boolean {
  if (past === null) return now >= WITHOUT_PAST;
  if (past.mean >= CHRONIC) return true;
  return now >= Math.min(0.97, past.most * BEYOND_PAST + 0.05 + 0.5 / Math.max(1, slices));
}

function walkDown(
  view: PipelineView,
  edge: EdgeView,
  chain: readonly EdgeView[],
  seen: ReadonlySet<string>,
): Found | null {
  const node = view.nodes.get(edge.to);
  if (!node || seen.has(node.id)) return null;
  const busy = busyShare(view, node);
  const passesOn = blockedShare(view, node) >= PASSES_ON && blockedShare(view, node) > busy / 3;
  // Neither at work nor blocked: it waits for an outcome, which is made further down.
  const awaits = busy < BUSY && !passesOn;
  if (!passesOn && !awaits) return { node, chain };
  const below = edgesOutOf(view, node.id)
    .filter((next) => (passesOn ? isPressing(view, next) || isFull(next) : isHeldBelow(view, next)))
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

// ── channels that are too small ──

function hasShrunk({ capacity, past }: EdgeView): boolean {
  return capacity !== null && past?.capacity != null && capacity <= 0.5 * past.capacity;
}

function isTooSmall(edge: EdgeView): boolean {
  return hasShrunk(edge);
}

/** Cut, and taken up or waited for more than before, or waited for although its consumer has time to spare. */
function isPinched(view: PipelineView, edge: EdgeView): boolean {
  const { blockedRatio, utilization, past } = edge;
  const waits = blockedRatio ?? 0;
  if (waits > (past?.blockedRatio?.most ?? 0) + 0.005) return true;
  // What a crest of the load once did is no measure of a channel that has half its places left.
  if (waits >= BLOCKED_ENOUGH && waits > PINCHED * (past?.blockedRatio?.mean ?? 0)) return true;
  if (waits >= BLOCKED_ENOUGH && hasTimeToSpare(view, edge.to)) return true;
  const used = utilization ?? 0;
  return blockedRatio === null && used >= 0.12 && used > 2 * (past?.utilization?.most ?? 0);
}

/** Told to be neither at work nor blocked for much of the time: what waits for it waits for a place. */
function hasTimeToSpare(view: PipelineView, id: string): boolean {
  const node = view.nodes.get(id);
  if (!node || node.now.busy === null) return false;
  return busyShare(view, node) < BUSY && blockedShare(view, node) < PASSES_ON;
}

function tooSmall(view: PipelineView, node: NodeView | null, edge: EdgeView): Candidate {
  const before = edge.past?.capacity ?? null;
  const sender = view.nodes.get(edge.from);
  const wanted = Math.max(16, Math.round(before ?? 0));
  const busy = node?.now.busy ?? null;
  return {
    kind: 'bottleneck',
    place: { kind: 'edge', edge: edge.id },
    weight: (edge.blockedRatio ?? 0.05) * lateness(1) * (sender?.now.outPerSec ?? 1),
    certain: true,
    title: `Bottleneck: the channel ${edgeName(edge)}`,
    evidence: [
      edgeEvidence(
        edge.id,
        `${edgeName(edge)} has ${edge.capacity} places${before === null ? '' : `, ${Math.round(before)} before`}`,
        edge.capacity,
        '',
      ),
      ...(edge.blockedRatio === null
        ? []
        : [
            edgeEvidence(
              edge.id,
              `${percent(edge.blockedRatio)} of the sends find it full`,
              edge.blockedRatio,
              '1',
            ),
          ]),
      ...(node && busy !== null
        ? [nodeEvidence(node.id, `${node.id} is at work ${percent(busy)} of the time`, busy, '1')]
        : []),
    ],
    advice: `A capacity of ${wanted} for ${edge.channel}: room for what comes at once.`,
    remedy: { what: 'capacity', target: edge.channel, now: edge.capacity, value: wanted },
  };
}

function onePerChannel(candidates: readonly Candidate[], view: PipelineView): Candidate[] {
  const best = new Map<string, Candidate>();
  for (const candidate of candidates) {
    const place = candidate.place.kind === 'edge' ? candidate.place.edge : '';
    const channel = view.edges.find(({ id }) => id === place)?.channel ?? '';
    const held = best.get(channel);
    if (!held || candidate.weight > held.weight) best.set(channel, candidate);
  }
  return [...best.values()];
}

// ── a node that limits ──

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
    ...neighbours(inputs),
    ...serviceEvidence(node),
  ];
  const advice = concurrencyAdvice(view, node, inputs);
  const waiting = inputs.reduce((most, edge) => Math.max(most, edge.blockedRatio ?? 0), 0);
  return {
    kind: 'bottleneck',
    place: { kind: 'node', node: node.id },
    weight:
      Math.max(shortfall(node), waiting * lateness(1) * (node.now.inPerSec ?? 1)) +
      delayed(view, node.id) +
      chain.length / 1_000,
    ...whileYoung(chain[0]?.past?.slices ?? 0),
    title: `Bottleneck: ${node.id}`,
    evidence,
    ...(advice !== null && { advice: advice.text, ...(advice.remedy && { remedy: advice.remedy }) }),
  };
}

const GROWN = 1.5;

/** Of several senders into one channel, the one that sends more than before. */
function neighbours(inputs: readonly EdgeView[]) {
  if (inputs.length < 2) return [];
  return inputs.flatMap((edge) => {
    const before = edge.past?.sentPerSec ?? null;
    const now = edge.sentPerSec;
    if (now === null || before === null || before <= 0 || now < GROWN * before) return [];
    return [
      edgeEvidence(
        edge.id,
        `${edgeName(edge)} sends ${rate(now)}, ${rate(before)} before; others share its channel`,
        now,
        '1/s',
      ),
    ];
  });
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
  return edgeEvidence(edge.id, `${edgeName(edge)} ${full}${places}${sent}`, edge.utilization, '1');
}
