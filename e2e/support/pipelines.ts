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
