/** 10,000 spans over gRPC from clients that know nothing of Weir: all of them are there, none twice. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { expect, test } from '@playwright/test';
import { createProduct, type Product } from '../support/product';
import { collectorPorts, startCollector } from './support';

const COUNT = 10_000;
const PYTHON = process.env.WEIR_PYTHON;

interface Health {
  readonly ledger: { readonly spans: Readonly<Record<string, number>> };
  readonly endpoints: { readonly otlpGrpc: string };
}

let product: Product;
test.beforeAll(async () => {
  product = await createProduct();
  await product.startServer();
});
test.afterAll(() => product.stop());

const health = () => product.get<Health>('/api/v1/health');

async function expectAllOf(before: Health): Promise<void> {
  const grown = async () => {
    const { spans } = (await health()).ledger;
    return Object.fromEntries(
      Object.entries(spans).map(([key, value]) => [key, value - (before.ledger.spans[key] ?? 0)]),
    );
  };
  await expect
    .poll(grown, { timeout: 30_000 })
    .toEqual({ received: COUNT, stored: COUNT, evicted: 0, rejected: 0, duplicate: 0 });
}

if (PYTHON) {
  test('the Python SDK delivers all of them', async () => {
    const before = await health();
    const script = path.join(import.meta.dirname, 'send_spans.py');
    const child = spawn(PYTHON, [script, new URL(before.endpoints.otlpGrpc).host, String(COUNT)]);
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    expect(await new Promise((resolve) => child.on('exit', resolve)), printed).toBe(0);
    expect(printed.trim()).toBe(String(COUNT));
    await expectAllOf(before);
  });
}

test('the Collector’s OTLP exporter delivers all of them', async () => {
  const before = await health();
  const ports = await collectorPorts();
  const collector = startCollector(['grpc.yaml'], {
    ...ports,
    WEIR_GRPC: new URL(before.endpoints.otlpGrpc).port,
  });
  await collector.printed(/Everything is ready/);
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'app-behind-collector' }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `http://127.0.0.1:${ports.IN_HTTP}/v1/traces` }), {
        maxQueueSize: 2 * COUNT,
      }),
    ],
  });
  const tracer = provider.getTracer('e2e');
  for (let index = 0; index < COUNT; index++) tracer.startSpan(`work ${index}`).end();
  await provider.forceFlush();
  await provider.shutdown();
  await expectAllOf(before);
  await collector.end('SIGTERM');
});
