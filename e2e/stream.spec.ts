/** The stream over real sockets: readers that do not read, and readers that come back. */
import { get, type IncomingMessage } from 'node:http';
import { expect, test } from '@playwright/test';
import type { HealthAnswer } from '@/lib/api/health';
import type { VitalsAnswer } from '@/lib/api/vitals';
import { createProduct, type Product } from './support/product';

let product: Product;
test.beforeAll(async () => {
  product = await createProduct({ WEIR_STORE_BUDGET: '8MiB', WEIR_SERIES_BUDGET: '8MiB' });
  await product.startServer();
});
test.afterAll(() => product.stop());

/** What a reader of a stream may cost beside its queue of 1 MiB: objects, chunks, the server's side of the socket. */
const MOST_A_READER = 3 * 2 ** 20;
const SLOW_READERS = 24;
/** As many as an event lists, so that none is only counted. */
const TRACES_A_REQUEST = 150;

interface Reader {
  /** Parsed events so far, of a reader that reads. */
  readonly events: { readonly id: string; readonly event: string; readonly data: string }[];
  /** Reads from now on. */
  read(): void;
  close(): void;
}

function open(lastEventId: string | null = null): Promise<Reader> {
  return new Promise((resolve, reject) => {
    const headers = lastEventId === null ? {} : { 'Last-Event-ID': lastEventId };
    const request = get(`${product.url}/api/v1/stream`, { agent: false, headers }, (response) => {
      resolve(readerOf(response, () => request.destroy()));
    });
    request.once('error', reject);
  });
}

function readerOf(response: IncomingMessage, close: () => void): Reader {
  const events: Reader['events'] = [];
  let text = '';
  response.setEncoding('utf8');
  // It is cut off by whoever opened it.
  response.on('error', close);
  response.pause();
  return {
    events,
    read() {
      response.on('data', (chunk: string) => {
        text += chunk;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
          if (field('event') !== '')
            events.push({ id: field('id'), event: field('event'), data: field('data') });
        }
      });
      response.resume();
    },
    close,
  };
}

let lastTrace = 0;
function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}

/** Sends as many new traces; returns their ids. */
async function sendTraces(count = TRACES_A_REQUEST): Promise<string[]> {
  const start = BigInt(Date.now()) * 1_000_000n;
  const spans = Array.from({ length: count }, () => {
    lastTrace++;
    return {
      traceId: hex(lastTrace, 32),
      spanId: hex(lastTrace, 16),
      name: `work with a name of some length, so that events are large, ${lastTrace}`,
      startTimeUnixNano: String(start),
      endTimeUnixNano: String(start + 1_000_000n),
    };
  });
  const response = await fetch(`${product.agentUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
  });
  expect(response.status).toBe(200);
  return spans.map(({ traceId }) => traceId);
}

function traceIdsOf(reader: Reader): string[] {
  return reader.events
    .filter(({ event }) => event === 'traces')
    .flatMap(({ data }) => (JSON.parse(data) as { traces: { traceId: string }[] }).traces)
    .map(({ traceId }) => traceId);
}

/** The newest state of the ledger that a reader was told. */
function receivedBy(reader: Reader): number {
  const health = reader.events.filter(({ event }) => event === 'health').at(-1);
  return health ? (JSON.parse(health.data) as HealthAnswer).ledger.spans.received : 0;
}

const vitals = () => product.get<VitalsAnswer>('/api/v1/vitals');

test('readers that do not read cost a bounded queue each, hold nobody up, and get the newest once they read', async () => {
  test.setTimeout(180_000);
  // The store is full and the server warm before anything is compared.
  for (let i = 0; i < 100; i++) await sendTraces();
  const brisk = await open();
  brisk.read();
  const slow = await Promise.all(Array.from({ length: SLOW_READERS }, () => open()));
  await expect.poll(async () => (await vitals()).stream.viewers).toBe(SLOW_READERS + 1);
  const before = await vitals();
  // Until the queues of all are full, the kernel's included, and have been for a while: each tick skips them again.
  await expect
    .poll(
      async () => {
        await sendTraces();
        return (await vitals()).stream.skipped - before.stream.skipped;
      },
      { timeout: 150_000, intervals: [20] },
    )
    .toBeGreaterThan(SLOW_READERS * 40);
  const { process: after, stream } = await vitals();
  expect(stream.viewers).toBe(SLOW_READERS + 1);
  expect(after.arrayBytes - before.process.arrayBytes).toBeLessThan(SLOW_READERS * MOST_A_READER);
  expect(after.rssBytes - before.process.rssBytes).toBeLessThan(SLOW_READERS * 2 * MOST_A_READER);
  // Who reads was told all of it meanwhile.
  await expect.poll(() => receivedBy(brisk)).toBe(lastTrace);
  const [first, ...others] = slow;
  first?.read();
  await expect.poll(() => (first ? receivedBy(first) : 0), { timeout: 30_000 }).toBe(lastTrace);
  for (const reader of [brisk, ...slow]) reader.close();
  expect(others).toHaveLength(SLOW_READERS - 1);
  await expect.poll(async () => (await vitals()).stream.viewers).toBe(0);
});

test('a reader that comes back with Last-Event-ID is told each trace once and misses none', async () => {
  test.setTimeout(120_000);
  const sent: string[] = [];
  const told: string[] = [];
  let lastEventId: string | null = null;
  for (let round = 0; round < 6; round++) {
    const reader: Reader = await open(lastEventId);
    reader.read();
    // The first answer: it is known from here on where this reader stands.
    await expect.poll(() => reader.events.length).toBeGreaterThan(0);
    const ids = await sendTraces(40);
    sent.push(...ids);
    // Cut off in the middle: some rounds after all was told, some before any of it was.
    if (round % 2 === 0) await expect.poll(() => traceIdsOf(reader)).toContain(ids.at(-1));
    reader.close();
    told.push(...traceIdsOf(reader));
    // A heartbeat has no id: what was the last stays the last, as in a browser.
    lastEventId = reader.events.findLast(({ id }) => id !== '')?.id ?? lastEventId;
    sent.push(...(await sendTraces(40)));
  }
  const last = await open(lastEventId);
  last.read();
  await expect.poll(() => traceIdsOf(last)).toContain(sent.at(-1));
  last.close();
  told.push(...traceIdsOf(last));
  expect([...told].sort()).toEqual([...sent].sort());
});
