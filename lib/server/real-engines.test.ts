/**
 * Captures of real engines sent over real HTTP (and OpAMP over WebSocket where the engine spoke so) to a running
 * server, with and without what their agents said: the maps, the figures and the verdicts that have to come out.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MetricQuery } from '@/lib/api/metrics';
import type { Finding, TopologyAnswer } from '@/lib/api/topology';
import type { EngineId } from '@/lib/model/engine';
import type { Provenance } from '@/lib/model/facts';
import { metricsText } from './answers/metrics-text';
import { type Configured, configured, incidentsOf, namedIn } from './testing/capture-configured';
import {
  type Amount,
  amounts,
  amountWithin,
  channelKey,
  itemsKey,
  type Told,
  toldPoints,
  totals,
} from './testing/capture-counts';
import { CAPTURES, hasCaptures } from './testing/capture-files';
import { type CaptureServer, playCapture } from './testing/capture-http';
import { reportTimes, signsOf } from './testing/capture-signs';

const PLAY_MS = 120_000;

/** What was seen of the server at one second. */
interface Seen {
  readonly at: number;
  readonly engines: readonly {
    readonly id: string;
    readonly incarnation: number;
    readonly connected: boolean;
  }[];
  readonly findings: readonly Finding[];
}

interface Run {
  readonly server: CaptureServer;
  readonly seconds: readonly Seen[];
  /** The last map of each incarnation, and its totals. */
  readonly incarnations: readonly {
    readonly map: TopologyAnswer;
    readonly totals: ReadonlyMap<string, number>;
  }[];
}

async function play(capture: string, withOpamp: boolean): Promise<Run> {
  const seconds: Seen[] = [];
  const incarnations = new Map<number, Run['incarnations'][number]>();
  const look = (server: CaptureServer) => {
    const engines = server.hub.directory.list();
    const [engine] = engines;
    seconds.push({
      at: server.now(),
      engines: engines.map(({ id, incarnation, connected }) => ({ id, incarnation, connected })),
      findings: engine ? mapOf(server, engine.id).findings : [],
    });
    if (engine)
      incarnations.set(engine.incarnation, { map: mapOf(server, engine.id), totals: itemTotals(server) });
  };
  const server = await playCapture(capture, { withOpamp, afterSeconds: 12, onSecond: look });
  return { server, seconds, incarnations: [...incarnations.values()] };
}

function mapOf({ hub }: CaptureServer, engine: string): TopologyAnswer {
  return hub.analysis.topology({
    engine: engine as EngineId,
    pipeline: null,
    window: '10s',
    atUnixNano: null,
  });
}

/** As scraped: `node way` → items. */
function itemTotals({ hub }: CaptureServer): Map<string, number> {
  const lines = metricsText(hub).matchAll(/^weir_node_items_total\{.*node="(.*)",way="(\w+)"\} (\S+)$/gm);
  const wanted = [...lines].map(([, node, way, value]) => [`${node} ${way}`, Number(value)] as const);
  return new Map(wanted.filter(([key, value]) => value > 0 && !key.endsWith(' reduced')).sort());
}

const table: string[] = [];

function edgesBy(map: TopologyAnswer, provenance: Provenance): string[] {
  return map.edges
    .filter((edge) => edge.provenance === provenance)
    .map(({ from, to }) => `${from} > ${to}`)
    .sort();
}

function note(capture: string, how: string, map: TopologyAnswer, expected: Configured): void {
  // Without the gate nobody says which pipeline a processor is of: then names are all there is to compare.
  const placed = map.nodes.some(({ pipeline }) => pipeline !== null);
  const shown = (edge: string) => (placed ? edge : edge.replaceAll(/@[^ ]*/g, ''));
  const wanted = new Set([...expected.edges].map(shown));
  const cells = (['declared', 'observed', 'inferred'] as const).map((provenance) => {
    const edges = edgesBy(map, provenance);
    const right = edges.filter((edge) => wanted.has(edge)).length;
    return `${right} right ${edges.length - right} wrong`.padEnd(18);
  });
  const all = new Set(map.edges.map(({ from, to }) => `${from} > ${to}`));
  const missing = [...wanted].filter((edge) => !all.has(edge)).length;
  table.push([capture.padEnd(28), how.padEnd(14), ...cells, `${missing} missing`].join(' '));
}

afterAll(() => {
  const head = ['declared', 'observed', 'inferred'].map((cell) => cell.padEnd(18));
  console.log([['edges of'.padEnd(28), ''.padEnd(14), ...head].join(' '), ...table].join('\n'));
});

describe.each(CAPTURES)('%s, sent over HTTP', (capture) => {
  const isRestart = capture.endsWith('/restart');
  const points = toldPoints(capture);
  let told: Run;
  let untold: Run;

  beforeAll(async () => {
    told = await play(capture, true);
    untold = await play(capture, false);
  }, PLAY_MS);
  afterAll(async () => {
    await told.server.close();
    await untold.server.close();
  });
  const both = () => [told, untold];
  const expectedOf = (incarnation: number) =>
    configured(capture, incarnation === 0 ? 'config.yaml' : 'config-2.yaml');

  it('is one engine, and a restart of it is its next incarnation and a new revision of the map', () => {
    for (const run of both()) {
      expect(Math.max(...run.seconds.map(({ engines }) => engines.length))).toBe(1);
      expect(run.incarnations).toHaveLength(isRestart ? 2 : 1);
      expect(run.seconds.at(-1)?.engines[0]?.connected).toBe(false);
    }
    const revisions = told.incarnations.map(({ map }) => map.revision);
    expect(revisions).toEqual(isRestart ? [1, 2] : [1]);
  });

  it('has with its configuration exactly the nodes and edges of it, all declared', () => {
    for (const [i, { map }] of told.incarnations.entries()) {
      const expected = expectedOf(i);
      note(capture, 'with OpAMP', map, expected);
      expect(map.nodes.map(({ id }) => id).sort()).toEqual([...expected.nodes].sort());
      expect(edgesBy(map, 'declared')).toEqual([...expected.edges].sort());
      expect(map.edges).toHaveLength(expected.edges.size);
    }
  });

  it('has without it every node that telemetry names, and no guess marked as seen', () => {
    for (const [i, { map }] of untold.incarnations.entries()) {
      const expected = expectedOf(i);
      note(capture, 'telemetry only', map, expected);
      expect(edgesBy(map, 'declared')).toEqual([]);
      expect(edgesBy(map, 'observed').filter((edge) => !expected.edges.has(edge))).toEqual([]);
      const names = (ids: Iterable<string>) =>
        [...new Set([...ids].map((id) => id.split('@')[0] ?? ''))].sort();
      const shown = names(map.nodes.map(({ id }) => id));
      expect(names(expected.nodes)).toEqual(expect.arrayContaining(shown));
      if (!isRestart) expect(shown).toEqual(namedIn(capture));
    }
  });

  it('counts the items in, out, delivered and lost of every component exactly, over all its cores', () => {
    const instances = [...new Set(points.map(({ instance }) => instance))];
    expect(told.incarnations).toHaveLength(instances.length);
    for (const [i, instance] of instances.entries()) {
      const expected = totals(amounts(points, itemsKey).filter((one) => one.instance === instance));
      // What comes in at an exporter of an OTAP engine is delivered by its own acks, told in the same points.
      const shown = [...(told.incarnations[i]?.totals ?? [])].filter(
        ([key]) => !(capture.startsWith('otap/') && key.endsWith(' delivered')),
      );
      expect(expected.size).toBeGreaterThan(3);
      expect(shown).toEqual([...expected]);
    }
  });

  it('has rates within 1 % of what was counted, and none below zero', () => {
    const items = amounts(points, itemsKey);
    const ways = { in: 'node.throughput_in', out: 'node.throughput_out' } as const;
    let compared = 0;
    for (const [way, metric] of Object.entries(ways)) {
      const { series, from, stepSeconds } = chart(told, metric, 10);
      for (const { id, values } of series) {
        const own = items.filter(({ key }) => key === `${id} ${way}`);
        for (const [step, value] of values.entries()) {
          expect(value ?? 0).toBeGreaterThanOrEqual(0);
          const start = from + step * stepSeconds;
          if (value === null || own.length === 0 || !isCovered(items, start, start + stepSeconds)) continue;
          const expected = amountWithin(own, start, start + stepSeconds) / stepSeconds;
          expect(Math.abs(value - expected), `${id} ${way} at ${start}`).toBeLessThanOrEqual(0.01 * expected);
          compared++;
        }
      }
    }
    expect(compared).toBeGreaterThan(3);
  });

  it('shows at each time the depth and the utilisation that the gauges tell, of the fullest core', () => {
    const depths = chart(told, 'channel.depth', 1);
    const fullness = chart(told, 'channel.utilization', 1);
    const valueAt = ({ series, from }: Chart, channel: string, second: number) =>
      series.find(({ id }) => id === channel)?.values[second - from];
    const reports = gaugesBySecond(points);
    expect(reports.length).toBeGreaterThan(3);
    for (const { channel, second, depth, share } of reports) {
      const at = `${channel} at ${second}`;
      expect(valueAt(depths, channel, second), at).toBe(depth);
      expect(valueAt(fullness, channel, second), at).toBeCloseTo(share, 6);
    }
    if (capture.includes('slow-exporter')) expect(Math.max(...reports.map(({ share }) => share))).toBe(1);
  });

  const incidents = incidentsOf(capture);
  it('raises nothing while nothing is broken', () => {
    for (const run of both()) {
      const calm = run.seconds.filter(({ at }) =>
        incidents.every((incident) => {
          const { back, intervalSeconds } = signsOf(points, incident);
          return at < incident.from || at > back + 3 * intervalSeconds;
        }),
      );
      expect(calm.length).toBeGreaterThan(5);
      expect(calm.flatMap(({ findings }) => findings)).toEqual([]);
    }
  });

  it.each(incidents)('names $exporter in time, says what is lost and what waits, and clears', (incident) => {
    const { first, back, intervalSeconds } = signsOf(points, incident);
    expect(first).toBeGreaterThan(incident.from);
    for (const [i, run] of both().entries()) {
      const said = run.seconds.filter(({ findings }) => findings[0]?.node === incident.exporter);
      const during = said.filter(({ at }) => at > incident.from && at < back + 10);
      const named = during[0]?.at ?? Number.POSITIVE_INFINITY;
      const clear = during.at(-1)?.at ?? Number.POSITIVE_INFINITY;
      const how = i === 0 ? 'with OpAMP' : 'telemetry only';
      table.push(
        `${capture} ${incident.exporter}, ${how}: named ${((named - first) / intervalSeconds).toFixed(1)} intervals ` +
          `after its first sign, clear ${((clear + 1 - back) / intervalSeconds).toFixed(1)} after the figures were back`,
      );
      expect(named).toBeLessThanOrEqual(first + 2 * intervalSeconds);
      expect(clear + 1).toBeLessThanOrEqual(back + 3 * intervalSeconds);
      // From then on, without a gap, and nobody else meanwhile.
      const while_ = run.seconds.filter(({ at }) => at >= named && at <= incident.to);
      expect(new Set(while_.map(({ findings }) => findings[0]?.node))).toEqual(new Set([incident.exporter]));
      expectAccount(run, points, incident.exporter, named, incident.to);
    }
  });
});

it('says which captures it ran on', () => {
  expect(CAPTURES.length).toBe(hasCaptures ? 7 : 2);
});

/** The verdict's own lines, against what the newest report tells at that time. */
function expectAccount(run: Run, points: readonly Told[], exporter: string, from: number, to: number): void {
  const lost = amounts(points, itemsKey).filter(({ key }) => key === `${exporter} lost`);
  let checked = 0;
  for (const { at, findings } of run.seconds) {
    const verdict = findings[0];
    if (at < from || at > to || !verdict) continue;
    const lines = verdict.evidence.map(({ text }) => text).join('\n');
    const sinceStart = lost.filter((one) => one.to <= at).reduce((sum, { value }) => sum + value, 0);
    if (verdict.kind === 'loss' || /^Lost: \d/m.test(lines)) expect(sinceStart).toBeGreaterThan(0);
    else expect(lines).toMatch(/^Lost: (nothing is lost so far|no loss is told)/m);
    const waiting = waitingAt(points, exporter, at);
    expect(lines, `at ${at}`).toContain(
      waiting === 0 ? 'Waits: ' : `Waits: ${waiting} batches in its queues`,
    );
    checked++;
  }
  expect(checked).toBeGreaterThan(2);
}

/** Sum of the depths that the newest report tells of an exporter's queues. */
function waitingAt(points: readonly Told[], exporter: string, at: number): number {
  const own = points.filter((point) => {
    const channel = channelKey(point, 'depth');
    return channel === `pdata:${exporter}` || channel?.startsWith(`pdata:${exporter}:`) === true;
  });
  const sent = reportTimes(points);
  const newest = new Map<string, Told>();
  for (const point of own) if ((sent.get(point.report) ?? at + 1) < at) newest.set(point.series, point);
  return [...newest.values()].reduce((sum, { value }) => sum + value, 0);
}

interface Chart {
  readonly series: readonly { readonly id: string; readonly values: readonly (number | null)[] }[];
  /** Unix seconds of the first step. */
  readonly from: number;
  readonly stepSeconds: number;
}

function chart({ server, seconds }: Run, metric: MetricQuery, stepSeconds: number): Chart {
  const nano = (unix: number) => BigInt(Math.round(unix * 1e3)) * 1_000_000n;
  const answer = server.hub.analysis.metrics({
    engine: server.hub.directory.resolve(null),
    metric,
    node: null,
    channel: null,
    path: null,
    fromUnixNano: nano(seconds[0]?.at ?? 0),
    toUnixNano: nano(seconds.at(-1)?.at ?? 0),
    stepMs: stepSeconds * 1_000,
  });
  const from = Number(BigInt(answer.fromUnixNano) / 1_000_000_000n);
  return { series: answer.series, from, stepSeconds: answer.stepMs / 1_000 };
}

/** True where reports tell of every moment of it. */
function isCovered(parts: readonly Amount[], from: number, to: number): boolean {
  let until = from;
  for (const part of [...parts].sort((a, b) => a.from - b.from))
    if (part.from <= until + 1e-6) until = Math.max(until, part.to);
  return until >= to;
}

/** Of each channel and second in which one report came: its depth over all parts, and the share of the fullest. */
function gaugesBySecond(points: readonly Told[]) {
  const capacities = new Map<string, number>();
  const found = new Map<string, Map<string, { depth: number; capacity: number }>>();
  const twice = new Set<string>();
  for (const point of points) {
    const channel = channelKey(point, 'capacity');
    if (channel !== null) capacities.set(`${channel} ${point.scope['core.id']}`, point.value);
  }
  for (const point of points) {
    const channel = channelKey(point, 'depth');
    if (channel === null) continue;
    // A gauge told on a border belongs to the second before it.
    const key = `${channel} ${Math.ceil(point.time) - 1}`;
    const core = `${point.scope['core.id']}`;
    const parts = found.get(key) ?? new Map();
    if (parts.has(core)) twice.add(key);
    parts.set(core, { depth: point.value, capacity: capacities.get(`${channel} ${core}`) ?? Number.NaN });
    found.set(key, parts);
  }
  return [...found].flatMap(([key, parts]) => {
    if (twice.has(key)) return [];
    const [channel = '', second = ''] = key.split(' ');
    const all = [...parts.values()];
    return [
      {
        channel,
        second: Number(second),
        depth: all.reduce((sum, one) => sum + one.depth, 0),
        share: Math.max(...all.map((one) => one.depth / one.capacity)),
      },
    ];
  });
}
