import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Provenance } from '@/lib/model/facts';
import { CAPTURES, captureLines, captureText, hasCaptures, runCapture } from './capture-run.testing';
import type { EngineTelemetry } from './engine-telemetry';

type TopologyMap = EngineTelemetry['topology']['current'];

/** Read from `config.yaml` by itself, sharing nothing with what is tested: `component@pipeline` and plain names. */
interface Configured {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

interface CollectorFile {
  readonly service?: {
    readonly pipelines: Readonly<
      Record<string, { receivers: string[]; processors?: string[]; exporters: string[] }>
    >;
  };
}

function configured(capture: string, file = 'config.yaml'): Configured {
  const config = parse(captureText(capture, file));
  return capture.startsWith('otap/') ? configuredOtap(config) : configuredCollector(config);
}

function configuredCollector(config: CollectorFile): Configured {
  const nodes = new Set<string>();
  const edges = new Set<string>();
  const pipelines = config.service?.pipelines ?? {};
  for (const [name, { receivers, processors = [], exporters }] of Object.entries(pipelines)) {
    const line = [receivers, ...processors.map((one) => [`${one}@${name}`]), exporters];
    for (const one of line.flat()) nodes.add(one);
    for (const [i, senders] of line.entries()) {
      for (const from of senders) for (const to of line[i + 1] ?? []) edges.add(`${from} > ${to}`);
    }
  }
  return { nodes, edges };
}

function configuredOtap(config: {
  readonly groups?: Readonly<Record<string, { pipelines: Readonly<Record<string, OtapPipeline>> }>>;
  readonly engine?: { readonly observability: { readonly pipeline: OtapPipeline } };
}): Configured {
  const nodes = new Set<string>();
  const edges = new Set<string>();
  const all: [string, OtapPipeline][] = Object.entries(config.groups ?? {}).flatMap(
    ([group, { pipelines }]) =>
      Object.entries(pipelines).map(([name, body]): [string, OtapPipeline] => [`${group}/${name}`, body]),
  );
  if (config.engine) all.push(['system/observability', config.engine.observability.pipeline]);
  for (const [name, body] of all) {
    for (const node of Object.keys(body.nodes)) nodes.add(`${node}@${name}`);
    for (const { from, to } of body.connections) {
      edges.add(`${from.split('[')[0]}@${name} > ${to}@${name}`);
    }
  }
  return { nodes, edges };
}

/** Components that any scope or point of metrics, or any scope of spans, names. */
function namedIn(capture: string): string[] {
  const lines = ['metrics.jsonl.gz', 'traces.jsonl.gz'].map((file) =>
    JSON.stringify(captureLines(capture, file)),
  );
  const keys = ['otelcol.component.id', 'node.id', 'receiver', 'processor', 'exporter', 'filter'].join('|');
  const pattern = new RegExp(
    `\\{"key":"(?:${keys.replaceAll('.', '\\.')})","value":\\{"stringValue":"([^"]+)"`,
    'g',
  );
  const found = lines.flatMap((text) => [...text.matchAll(pattern)].map(([, name = '']) => name));
  return [...new Set(found)].sort();
}

interface OtapPipeline {
  readonly nodes: Readonly<Record<string, unknown>>;
  readonly connections: readonly { readonly from: string; readonly to: string }[];
}

const table: string[] = [];

function edgesBy(map: TopologyMap, provenance: Provenance): string[] {
  return (map?.edges ?? [])
    .filter((edge) => edge.provenance === provenance)
    .map(({ from, to }) => `${from} > ${to}`)
    .sort();
}

function note(capture: string, how: string, map: TopologyMap, expected: Configured): void {
  // Without the gate nobody says which pipeline a processor is of: then names are all there is to compare.
  const placed = (map?.nodes ?? []).some(({ pipeline }) => pipeline !== null);
  const shown = (edge: string) => (placed ? edge : edge.replaceAll(/@[^ ]*/g, ''));
  const wanted = new Set([...expected.edges].map(shown));
  const cells = (['declared', 'observed', 'inferred'] as const).map((provenance) => {
    const edges = edgesBy(map, provenance);
    const right = edges.filter((edge) => wanted.has(edge)).length;
    return `${right} right ${edges.length - right} wrong`;
  });
  const all = new Set((map?.edges ?? []).map(({ from, to }) => `${from} > ${to}`));
  const missing = [...wanted].filter((edge) => !all.has(edge)).length;
  table.push(
    [capture.padEnd(28), how.padEnd(14), ...cells.map((cell) => cell.padEnd(18)), `${missing} missing`].join(
      ' ',
    ),
  );
}

afterAll(() => {
  const head = [
    'capture'.padEnd(28),
    'how'.padEnd(14),
    ...['declared', 'observed', 'inferred'].map((c) => c.padEnd(18)),
  ];
  console.log([head.join(' '), ...table].join('\n'));
});

/** Maps of one capture with the configuration that each was of. */
function incarnations(capture: string, maps: readonly TopologyMap[]): [TopologyMap, Configured][] {
  return maps.map((map, i) => [map, configured(capture, i === 0 ? 'config.yaml' : 'config-2.yaml')]);
}

describe.each(CAPTURES)('the capture %s', (capture) => {
  it('has with its configuration exactly the nodes and edges of it, all declared', () => {
    const { maps } = runCapture(capture, true);
    expect(maps).toHaveLength(capture === 'collector/restart' ? 2 : 1);
    for (const [map, expected] of incarnations(capture, maps)) {
      note(capture, 'with OpAMP', map, expected);
      expect(map?.nodes.map(({ id }) => id).sort()).toEqual([...expected.nodes].sort());
      expect(edgesBy(map, 'declared')).toEqual([...expected.edges].sort());
      expect(map?.edges).toHaveLength(expected.edges.size);
    }
  });

  it('has without it every node that telemetry names, and no guess marked as seen', () => {
    const { maps } = runCapture(capture, false);
    for (const [map, expected] of incarnations(capture, maps)) {
      note(capture, 'telemetry only', map, expected);
      expect(edgesBy(map, 'declared')).toEqual([]);
      expect(edgesBy(map, 'observed').filter((edge) => !expected.edges.has(edge))).toEqual([]);
      const names = (ids: Iterable<string>) =>
        [...new Set([...ids].map((id) => id.split('@')[0] ?? ''))].sort();
      const told = names(map?.nodes.map(({ id }) => id) ?? []);
      expect(names(expected.nodes)).toEqual(expect.arrayContaining(told));
      if (maps.length === 1) expect(told).toEqual(namedIn(capture));
    }
  });
});

it('says which captures it ran on', () => {
  expect(CAPTURES.length).toBe(hasCaptures ? 7 : 2);
});
