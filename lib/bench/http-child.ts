/**
 * A server of the HTTP benches, in a process of its own: the product's (agent port, store, everything behind it), or
 * the floor, a server that reads the body and answers. Told by IPC, it answers with the CPU time that it has used.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startServer } from '@/lib/server/compose';

/** Of the store and of the series, as the parent told. */
const BUDGET_MIB = Number(process.argv[3] ?? 256);
const SERIES_MIB = 128;

async function productPort(): Promise<number> {
  const started = await startServer({
    host: '127.0.0.1',
    port: 0,
    otlpPort: 0,
    grpcPort: 0,
    storeBudgetBytes: BUDGET_MIB * 2 ** 20,
    seriesBudgetBytes: SERIES_MIB * 2 ** 20,
    readOnly: false,
    version: 'bench',
  });
  if (!started.ok) throw new Error(started.error);
  const { store } = started.value;
  received = () => store.ledger().spans.stored + store.ledger().spans.evicted;
  return started.value.agentPort;
}

function floorPort(): Promise<number> {
  const server: Server = createServer((request, response) => {
    request.on('data', () => undefined);
    request.on('end', () => {
      response.writeHead(200, { 'Content-Type': 'application/x-protobuf', 'Content-Length': 0 });
      response.end();
    });
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

let received = () => 0;

const port = process.argv[2] === 'floor' ? await floorPort() : await productPort();
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  // The kernel counts the peak in KiB.
  const peakRss = process.resourceUsage().maxRSS * 1024;
  const { rss, heapTotal: heap, arrayBuffers: arrays } = process.memoryUsage();
  process.send?.({ cpuMicros: user + system, spans: received(), rss, peakRss, heap, arrays });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port });
