/**
 * A whole engine, as `main` puts it together but for the network: real nodes and channels, acks and nacks, telemetry
 * that decides, encodes and reports; requests end in a transport that takes them at once. Its run loop turns when it is
 * told to, so that a slice of work has a beginning and an end.
 *
 * Bundled twice: as it is, and with every question whether tracing records answered `false` by the build.
 */
import { z } from 'zod';
import type { ReceiverHandle } from '@/engine/core/node';
import { createNodeTypes } from '@/engine/core/node-types';
import type { Payload } from '@/engine/core/payload';
import { payloadFromBytes } from '@/engine/core/payload-otlp';
import { createPipeline } from '@/engine/core/pipeline';
import { formatProblem } from '@/engine/core/pipeline-api';
import { parsePipeline } from '@/engine/core/pipeline-yaml';
import { createVirtualScheduler } from '@/engine/core/scheduler';
import { ALL_NODES } from '@/engine/nodes/all-nodes';
import { defineExporter, defineProcessor, defineReceiver } from '@/engine/nodes/define';
import { createEngineTelemetry } from '@/engine/telemetry/engine-telemetry';
import { createRandom } from '@/lib/base/random';
import { createSystemClock } from '@/lib/base/system-clock';
import { encodeLogs } from '@/lib/otlp/encode-logs';
import type { KeyValue } from '@/lib/otlp/types';
import { DEFAULT_TAIL_SAMPLING } from '@/lib/sampling/config';
import type { TracingMode } from '@/lib/semconv/signals';

/** Log records of a request. */
export const RECORDS = 512;

/** What a node does for a living: one pipeline of the product's own nodes, one of nodes that only pass on. */
export type EngineShape = 'nodes' | 'pass';

const PIPELINES: Readonly<Record<EngineShape, string>> = {
  nodes: `
pipeline: { id: bench }
nodes:
  in: { type: receiver:bench, config: {} }
  mark: { type: processor:attributes, config: { actions: [{ key: bench, action: upsert, value: '1' }] } }
  batch: { type: processor:batch, config: { send_batch_size: ${RECORDS} } }
  out: { type: exporter:bench, config: {} }
connections:
  - { from: in, to: mark }
  - { from: mark, to: batch }
  - { from: batch, to: out }
`,
  pass: `
pipeline: { id: bench }
nodes:
  in: { type: receiver:bench, config: {} }
  one: { type: processor:pass, config: {} }
  two: { type: processor:pass, config: {} }
  three: { type: processor:pass, config: {} }
  out: { type: exporter:bench, config: {} }
connections:
  - { from: in, to: one }
  - { from: one, to: two }
  - { from: two, to: three }
  - { from: three, to: out }
`,
};

export const HOPS: Readonly<Record<EngineShape, number>> = { nodes: 4, pass: 5 };

export interface EngineArm {
  setMode(mode: TracingMode): void;
  /** Batches, one after the other, each through to its outcome at the receiver. */
  run(batches: number): void;
  /** Spans, metrics and logs are encoded and sent: what timers do. */
  flush(): void;
}

export async function createEngineArm(
  shape: EngineShape,
  seed: number,
  work: () => void,
): Promise<EngineArm> {
  let door: ReceiverHandle | null = null;
  const receiver = defineReceiver({
    typeId: 'bench',
    config: z.strictObject({}),
    ports: () => ['default'],
    create: () => ({
      start(node) {
        door = node;
        return Promise.resolve();
      },
      stop: () => Promise.resolve(),
    }),
  });
  const pass = defineProcessor({
    typeId: 'pass',
    config: z.strictObject({}),
    ports: () => ['default'],
    create: () => ({
      process(hop) {
        work();
        return hop.forward('default');
      },
    }),
  });
  const exporter = defineExporter({
    typeId: 'bench',
    config: z.strictObject({}),
    create: () => ({
      process(hop) {
        work();
        if (hop.pdata.payload.bytes().length === 0) hop.nack('nothing to send');
        else hop.deliver();
      },
    }),
  });
  const config = parsePipeline(PIPELINES[shape], {
    file: 'bench.yaml',
    nodeTypes: createNodeTypes([...ALL_NODES, receiver, pass, exporter]),
    env: {},
  });
  if (!config.ok) throw new Error(config.error.map(formatProblem).join('\n'));
  const clock = createSystemClock();
  const scheduler = createVirtualScheduler();
  const telemetry = createEngineTelemetry({
    resource: { 'service.name': 'bench' },
    clock,
    seed,
    mode: 'none',
    tailSampling: DEFAULT_TAIL_SAMPLING,
    transport: { send: () => Promise.resolve('sent'), close: () => undefined },
    calibrate: false,
  });
  const pipeline = createPipeline({
    config: config.value,
    clock,
    random: createRandom(seed),
    telemetry,
    scheduler,
    log: () => undefined,
  });
  const starting = pipeline.start();
  while (scheduler.runOne()) await Promise.resolve();
  await starting;
  const admit = (payload: Payload) => {
    if (door === null) throw new Error('the receiver has not started');
    void door.admit({ signal: 'logs', payload, items: RECORDS, port: 'default', source: 'received' });
    while (scheduler.runOne());
  };
  const request = shape === 'nodes' ? logRequest(RECORDS) : logRequest(1);
  return {
    setMode: (mode) => telemetry.setTracing(mode, DEFAULT_TAIL_SAMPLING),
    run(batches) {
      for (let i = 0; i < batches; i++) {
        const payload = payloadFromBytes('logs', request);
        // The receiver of OTLP has looked at what it admits.
        if (shape === 'nodes') payload.decoded();
        admit(payload);
      }
    },
    flush: () => telemetry.flush(),
  };
}

/** A request as SDKs send it: a body and six attributes a record. */
function logRequest(records: number): Uint8Array {
  const text = (key: string, stringValue: string): KeyValue => ({ key, value: { stringValue } });
  const attributes = [
    text('http.request.method', 'GET'),
    text('url.path', '/api/v1/orders'),
    text('server.address', 'shop.example'),
    text('user_agent.original', 'curl/8.5.0'),
    text('thread.name', 'worker-7'),
    { key: 'http.response.status_code', value: { intValue: 200n } },
  ];
  const logRecords = Array.from({ length: records }, (_, i) => ({
    timeUnixNano: 1_700_000_000_000_000_000n + BigInt(i) * 1_000_000n,
    observedTimeUnixNano: 1_700_000_000_000_000_000n,
    severityNumber: 9,
    severityText: 'INFO',
    body: { stringValue: `order ${i} was taken, and will be sent within the day` },
    attributes,
    droppedAttributesCount: 0,
    flags: 0,
    traceId: '',
    spanId: '',
    eventName: '',
  }));
  const scope = { name: 'shop', version: '1', attributes: [], droppedAttributesCount: 0 };
  const resource = { attributes: [text('service.name', 'shop')], droppedAttributesCount: 0 };
  return encodeLogs({
    resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords, schemaUrl: '' }], schemaUrl: '' }],
  });
}
