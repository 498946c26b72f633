/** What a capture's `config.yaml` and `incidents.json` say, read without any code of what is tested. */
import { parse } from 'yaml';
import { captureLines, captureText } from './capture-files';

export interface Configured {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

interface CollectorFile {
  readonly exporters: Readonly<Record<string, { readonly endpoint?: string } | null>>;
  readonly service: {
    readonly pipelines: Readonly<
      Record<string, { receivers: string[]; processors?: string[]; exporters: string[] }>
    >;
  };
}

interface OtapPipeline {
  readonly nodes: Readonly<Record<string, { readonly config?: { readonly endpoint?: string } | null }>>;
  readonly connections: readonly { readonly from: string; readonly to: string }[];
}

interface OtapFile {
  readonly groups: Readonly<Record<string, { pipelines: Readonly<Record<string, OtapPipeline>> }>>;
  readonly engine: { readonly observability: { readonly pipeline: OtapPipeline } };
}

const isOtap = (capture: string) => capture.startsWith('otap/');

/** Nodes as `component@pipeline` or plain names, edges as `from > to`. */
export function configured(capture: string, file = 'config.yaml'): Configured {
  const text = captureText(capture, file);
  return isOtap(capture) ? configuredOtap(parse(text)) : configuredCollector(parse(text));
}

function configuredCollector(config: CollectorFile): Configured {
  const nodes = new Set<string>();
  const edges = new Set<string>();
  for (const [name, { receivers, processors = [], exporters }] of Object.entries(config.service.pipelines)) {
    const line = [receivers, ...processors.map((one) => [`${one}@${name}`]), exporters];
    for (const one of line.flat()) nodes.add(one);
    for (const [i, senders] of line.entries()) {
      for (const from of senders) for (const to of line[i + 1] ?? []) edges.add(`${from} > ${to}`);
    }
  }
  return { nodes, edges };
}

function otapPipelines(config: OtapFile): readonly (readonly [string, OtapPipeline])[] {
  return [
    ...Object.entries(config.groups).flatMap(([group, { pipelines }]) =>
      Object.entries(pipelines).map(([name, body]) => [`${group}/${name}`, body] as const),
    ),
    ['system/observability', config.engine.observability.pipeline],
  ];
}

function configuredOtap(config: OtapFile): Configured {
  const nodes = new Set<string>();
  const edges = new Set<string>();
  for (const [name, body] of otapPipelines(config)) {
    for (const node of Object.keys(body.nodes)) nodes.add(`${node}@${name}`);
    for (const { from, to } of body.connections) edges.add(`${from.split('[')[0]}@${name} > ${to}@${name}`);
  }
  return { nodes, edges };
}

/** Components that any scope or point of metrics, or any scope of spans, names. */
export function namedIn(capture: string): string[] {
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

export interface Incident {
  readonly exporter: string;
  /** Unix seconds at which the backend was changed, and changed back. */
  readonly from: number;
  readonly to: number;
}

interface Change {
  readonly at: string;
  readonly backend?: number;
  readonly behaviour?: Readonly<Record<string, unknown>>;
}

export function incidentsOf(capture: string): Incident[] {
  const changes: Change[] = JSON.parse(captureText(capture, 'incidents.json', '[]'));
  return changes.flatMap(({ at, backend, behaviour }, i): Incident[] => {
    if (backend === undefined || Object.keys(behaviour ?? {}).length === 0) return [];
    const end = changes.slice(i + 1).find((later) => later.backend === backend);
    return exportersOf(capture, backend).map((exporter) => ({
      exporter,
      from: Date.parse(at) / 1_000,
      to: Date.parse(end?.at ?? '') / 1_000,
    }));
  });
}

function exportersOf(capture: string, backend: number): string[] {
  const config: CollectorFile & OtapFile = parse(captureText(capture, 'config.yaml'));
  const isThere = (endpoint: string | undefined) => endpoint?.endsWith(`:${backend}`) === true;
  if (isOtap(capture)) {
    return otapPipelines(config).flatMap(([pipeline, { nodes }]) =>
      Object.entries(nodes).flatMap(([id, node]) =>
        isThere(node.config?.endpoint) ? [`${id}@${pipeline}`] : [],
      ),
    );
  }
  return Object.entries(config.exporters).flatMap(([id, exporter]) =>
    isThere(exporter?.endpoint) ? [id] : [],
  );
}
