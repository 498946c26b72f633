/**
 * What changed between two moments, the most telling first: findings that opened or closed, what operators did, what
 * the map gained and lost, configurations that differ, then figures that moved by more than they usually do. Pure.
 *
 *   weight   finding opened 1000 … action 700 … map 600 … configuration 500 … figures below 400, by how far they moved
 */
import type { ControlActionRow } from '@/lib/api/control';
import type {
  EdgeStats,
  Finding,
  NodeStats,
  TopologyAnswer,
  TopologyEdge,
  TopologyNode,
} from '@/lib/api/topology';

export interface Change {
  readonly key: string;
  readonly kind:
    | 'finding_opened'
    | 'finding_closed'
    | 'action'
    | 'node_added'
    | 'node_gone'
    | 'edge_added'
    | 'edge_gone'
    | 'config'
    | 'state'
    | 'figure';
  readonly place: { readonly kind: 'node' | 'edge' | 'pipeline'; readonly id: string };
  /** What it is about, where the kind and the place do not say it. */
  readonly text: string;
  readonly before: string | number | null;
  readonly after: string | number | null;
  /** Of figures: as the API's units. */
  readonly unit: string;
  /** When it happened, where that is known. */
  readonly atUnixNano: string | null;
  readonly weight: number;
}

export interface Moments {
  readonly before: TopologyAnswer;
  readonly after: TopologyAnswer;
  /** Of the time between both. */
  readonly findings: readonly Finding[];
  readonly actions: readonly ControlActionRow[];
}

export function changesBetween({ before, after, findings, actions }: Moments): readonly Change[] {
  const from = BigInt(before.atUnixNano);
  const to = BigInt(after.atUnixNano);
  return [
    ...findingChanges(findings, from, to),
    ...actionChanges(actions, from, to),
    ...nodeChanges(before, after),
    ...edgeChanges(before, after),
  ].sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
}

function findingChanges(findings: readonly Finding[], from: bigint, to: bigint): Change[] {
  const within = (nano: string | undefined) =>
    nano !== undefined && BigInt(nano) > from && BigInt(nano) <= to;
  return findings.flatMap((finding): Change[] => {
    const place = finding.node
      ? ({ kind: 'node', id: finding.node } as const)
      : ({ kind: 'edge', id: finding.edge ?? '' } as const);
    const base = { place, text: finding.title, unit: '', before: null, after: null };
    const opened = within(finding.since);
    const closed = within(finding.until);
    return [
      ...(opened
        ? [
            {
              ...base,
              key: `opened ${finding.id}`,
              kind: 'finding_opened' as const,
              atUnixNano: finding.since,
              // One that came and went says less than one that is still there.
              weight: closed ? 800 : 1_000,
            },
          ]
        : []),
      ...(closed && !opened
        ? [
            {
              ...base,
              key: `closed ${finding.id}`,
              kind: 'finding_closed' as const,
              atUnixNano: finding.until ?? null,
              weight: 900,
            },
          ]
        : []),
    ];
  });
}

function actionChanges(actions: readonly ControlActionRow[], from: bigint, to: bigint): Change[] {
  return actions
    .filter(({ timeUnixNano }) => BigInt(timeUnixNano) > from && BigInt(timeUnixNano) <= to)
    .map((action) => ({
      key: `action ${action.id}`,
      kind: 'action',
      place: { kind: action.target === 'pipeline' ? 'pipeline' : 'node', id: action.target },
      text: [action.action.replaceAll('_', ' '), action.summary].filter((part) => part !== '').join(': '),
      before: null,
      after: action.outcome,
      unit: '',
      atUnixNano: action.timeUnixNano,
      weight: action.outcome === 'failed' ? 750 : 700,
    }));
}

function nodeChanges(before: TopologyAnswer, after: TopologyAnswer): Change[] {
  const [old, now] = [byId(before.nodes), byId(after.nodes)];
  const came = after.nodes
    .filter(({ id }) => !old.has(id))
    .map((node) => mapChange('node_added', 'node', node.id));
  const gone = before.nodes
    .filter(({ id }) => !now.has(id))
    .map((node) => mapChange('node_gone', 'node', node.id));
  const changed = after.nodes.flatMap((node) => {
    const was = old.get(node.id);
    return was ? [...settingChanges(was, node), ...nodeFigures(was, node)] : [];
  });
  return [...came, ...gone, ...changed];
}

function edgeChanges(before: TopologyAnswer, after: TopologyAnswer): Change[] {
  const [old, now] = [byId(before.edges), byId(after.edges)];
  const came = after.edges
    .filter(({ id }) => !old.has(id))
    .map((edge) => mapChange('edge_added', 'edge', edge.id));
  const gone = before.edges
    .filter(({ id }) => !now.has(id))
    .map((edge) => mapChange('edge_gone', 'edge', edge.id));
  const changed = after.edges.flatMap((edge) => {
    const was = old.get(edge.id);
    return was ? edgeFigures(was, edge) : [];
  });
  return [...came, ...gone, ...changed];
}

function mapChange(kind: Change['kind'], place: 'node' | 'edge', id: string): Change {
  const nothing = { text: '', before: null, after: null, unit: '', atUnixNano: null };
  return { key: `${kind} ${id}`, kind, place: { kind: place, id }, ...nothing, weight: 600 };
}

/** State, workers, faults and each leaf of the configuration. */
function settingChanges(was: TopologyNode, now: TopologyNode): Change[] {
  const place = { kind: 'node', id: now.id } as const;
  const base = { place, unit: '', atUnixNano: null };
  const changes: Change[] = [];
  if (was.state !== now.state) {
    const key = `state ${now.id}`;
    changes.push({
      ...base,
      key,
      kind: 'state',
      text: 'state',
      before: was.state,
      after: now.state,
      weight: 550,
    });
  }
  const leaves = [
    ...leafChanges(was.config, now.config, ''),
    ...leafChanges(was.faults, now.faults, 'faults'),
    ...leafChanges(was.stats.concurrency, now.stats.concurrency, 'concurrency'),
  ];
  for (const { path, before, after } of leaves) {
    changes.push({
      ...base,
      key: `config ${now.id} ${path}`,
      kind: 'config',
      text: path,
      before: textOf(before),
      after: textOf(after),
      weight: 500,
    });
  }
  return changes;
}

interface Leaf {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const MAX_LEAVES = 40;

function leafChanges(before: unknown, after: unknown, path: string): Leaf[] {
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys
      .flatMap((key) => leafChanges(before[key], after[key], path === '' ? key : `${path}.${key}`))
      .slice(0, MAX_LEAVES);
  }
  return JSON.stringify(before ?? null) === JSON.stringify(after ?? null) ? [] : [{ path, before, after }];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface FigureRule {
  readonly text: string;
  readonly unit: '/s' | 'ms' | 'ratio';
  /** How much a change of it tells, against others of the same size. */
  readonly importance: number;
  /** The factor from which it counts; tails move by themselves. */
  readonly least?: number;
}

const NODE_FIGURES = {
  lostPerSec: { text: 'lost', unit: '/s', importance: 2 },
  errorRatio: { text: 'failed batches', unit: 'ratio', importance: 1.8 },
  p99Ms: { text: 'work p99', unit: 'ms', importance: 1.1, least: 2.5 },
  meanMs: { text: 'work mean', unit: 'ms', importance: 1.2 },
  busyRatio: { text: 'working', unit: 'ratio', importance: 1 },
  blockedRatio: { text: 'blocked', unit: 'ratio', importance: 0.9 },
  inPerSec: { text: 'in', unit: '/s', importance: 0.8 },
  outPerSec: { text: 'out', unit: '/s', importance: 0.8 },
} as const satisfies Partial<Record<keyof NodeStats, FigureRule>>;

const EDGE_FIGURES = {
  utilization: { text: 'utilisation', unit: 'ratio', importance: 1.1 },
  waitP99Ms: { text: 'wait p99', unit: 'ms', importance: 0.9, least: 2.5 },
  blockedRatio: { text: 'sends that waited', unit: 'ratio', importance: 0.7 },
  ratePerSec: { text: 'rate', unit: '/s', importance: 0.6 },
} as const satisfies Partial<Record<keyof EdgeStats, FigureRule>>;

function nodeFigures({ stats: was }: TopologyNode, { id, stats: now }: TopologyNode): Change[] {
  // How unsteady the load is: what is no more than that is no change.
  const noise = Math.max(unsteadiness(was.spark), unsteadiness(now.spark));
  return Object.entries(NODE_FIGURES).flatMap(([name, rule]) => {
    const key = name as keyof typeof NODE_FIGURES;
    return figureChange({ kind: 'node', id }, name, rule, was[key], now[key], rule.unit === '/s' ? noise : 0);
  });
}

function edgeFigures({ stats: was }: TopologyEdge, { id, stats: now }: TopologyEdge): Change[] {
  return Object.entries(EDGE_FIGURES).flatMap(([name, rule]) => {
    const key = name as keyof typeof EDGE_FIGURES;
    return figureChange({ kind: 'edge', id }, name, rule, was[key], now[key], 0);
  });
}

/** Differences below which nobody would act, by unit; a ratio counts by its difference, the rest by its factor. */
const LEAST = { '/s': 1, ms: 1, ratio: 0.05 } as const;
const LEAST_FACTOR = 1.4;
const MAX_FACTOR = 1_000;

function figureChange(
  place: Change['place'],
  name: string,
  { text, unit, importance, least = LEAST_FACTOR }: FigureRule,
  before: number | null,
  after: number | null,
  noise: number,
): Change[] {
  if (before === null || after === null || Math.abs(after - before) < LEAST[unit]) return [];
  const size =
    unit === 'ratio'
      ? Math.abs(after - before) * 4
      : Math.log2(Math.min(MAX_FACTOR, factorOf(before, after, LEAST[unit])));
  if (unit !== 'ratio' && factorOf(before, after, LEAST[unit]) < Math.max(least, 1 + 2 * noise)) return [];
  const weight = Math.min(399, size * importance * 40);
  const key = `figure ${place.kind} ${place.id} ${name}`;
  return [{ key, kind: 'figure', place, text, before, after, unit, atUnixNano: null, weight }];
}

function factorOf(a: number, b: number, least: number): number {
  return (Math.max(a, b) + least) / (Math.min(a, b) + least);
}

/** Spread of the figures of single seconds as a share of their mean, of a mean over ten of them. */
function unsteadiness(spark: readonly (number | null)[]): number {
  const known = spark.filter((value) => value !== null);
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  if (known.length < 2 || mean <= 0) return 0;
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (known.length - 1);
  return Math.sqrt(variance / 10) / mean;
}

function byId<T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> {
  return new Map(list.map((entry) => [entry.id, entry]));
}
