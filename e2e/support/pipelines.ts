/** Pipelines that tests run the engine with, as a user would write them. */

/** Every signal through router and batch to a file each, so that what comes out can be counted by anyone. */
export function toFiles(folder: string, port: string, id = 'e2e'): string {
  return `
pipeline:
  id: ${id}
nodes:
  otlp-in:
    type: receiver:otlp
    config:
      port: ${port}
      ports: by_signal
  gather:
    type: processor:batch
    config: { send_batch_size: 200, timeout_ms: 100 }
  enrich:
    type: processor:attributes
    config: { actions: [{ action: insert, key: seen.by, value: weir }] }
  out-traces:
    type: exporter:file
    config: { path: ${folder}/traces.jsonl }
  out-logs:
    type: exporter:file
    config: { path: ${folder}/logs.jsonl }
  out-metrics:
    type: exporter:file
    config: { path: ${folder}/metrics.jsonl }
connections:
  - { from: "otlp-in:traces", to: out-traces }
  - { from: "otlp-in:logs", to: gather }
  - { from: "gather", to: out-logs }
  - { from: "otlp-in:metrics", to: enrich }
  - { from: "enrich", to: out-metrics }
`;
}

/** What says `fate: doomed` is refused for good; everything else is gathered into larger batches and written. */
export function refusingSome(folder: string, port: string): string {
  return `
pipeline:
  id: fates
nodes:
  otlp-in:
    type: receiver:otlp
    config:
      port: ${port}
  sort:
    type: processor:content_router
    config: { attribute: fate, routes: { doomed: doomed }, default_port: fine }
  gather:
    type: processor:batch
    config: { send_batch_size: 5, timeout_ms: 100 }
  refuse:
    type: exporter:error
    config: { message: not today }
  write:
    type: exporter:file
    config: { path: ${folder}/fine.jsonl }
connections:
  - { from: otlp-in, to: sort }
  - { from: "sort:doomed", to: refuse }
  - { from: "sort:fine", to: gather }
  - { from: gather, to: write }
`;
}

/** As many small batches as it takes to fill queues soon, to nowhere. */
export function flood(): string {
  return `
pipeline:
  id: flood
nodes:
  traffic:
    type: receiver:traffic_generator
    config: { seed: 1, rate: 4000, items_per_batch: 1, mix: { logs: 1 } }
  out:
    type: exporter:noop
connections:
  - { from: traffic, to: out }
`;
}
