/**
 * The running product for benches: built if need be, its server in a process of its own on free ports, its CPU time as
 * the system counts it.
 */
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { buildEngine, buildServer } from '../../engine/launch/build.mjs';
import { createProduct, type Product } from '../support/product';

export async function withProduct<T>(use: (product: Product, serverPid: number) => Promise<T>): Promise<T> {
  await buildServer();
  await buildEngine();
  const product = await createProduct();
  try {
    const server = await product.startServer();
    return await use(product, server.pid);
  } finally {
    await product.stop();
  }
}

const REPORTS_WITHIN_MS = 30_000;

/** Starts the engine and waits until it has told of its tracing: from then on it can be steered. */
export async function startReporting(product: Product, pipeline: string): Promise<void> {
  await product.startEngine([pipeline]);
  const deadline = performance.now() + REPORTS_WITHIN_MS;
  const reports = async () =>
    (await product.get<{ tracing: unknown }[]>('/api/v1/engines')).some(({ tracing }) => tracing !== null);
  while (!(await reports())) {
    if (performance.now() > deadline) throw new Error('the engine says nothing of its tracing');
    await wait(100);
  }
}

/** Linux counts in hundredths of a second. */
const TICK_MS = 10;

/** CPU milliseconds of a process, its threads included. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name stands in parentheses and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

export interface SseEvent {
  readonly event: string;
  readonly data: string;
}

export interface Viewer {
  close(): void;
}

/** An open page: reads the stream and hands over each event as it comes. */
export function watch(
  url: string,
  onEvent: ((event: SseEvent) => void) | null,
  /** Rows of traces that an event brings; pages ask for none, and show how many came. */
  rows = 200,
): Promise<Viewer> {
  return new Promise((resolve, reject) => {
    const address = `${url}/api/v1/stream?traces=${rows}`;
    const request = get(address, { agent: false }, (response: IncomingMessage) => {
      resolve({ close: () => request.destroy() });
      response.on('error', () => request.destroy());
      if (!onEvent) {
        response.resume();
        return;
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const event = /^event: (.*)$/m.exec(block)?.[1] ?? '';
          const data = /^data: (.*)$/m.exec(block)?.[1] ?? '';
          onEvent({ event, data });
        }
      });
    });
    request.once('error', reject);
  });
}

/** Unix milliseconds with a fraction, of the same clock as the system's. */
export function nowUnixMs(): number {
  return performance.timeOrigin + performance.now();
}

export function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
