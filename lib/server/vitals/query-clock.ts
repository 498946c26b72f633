/**
 * How long questions take, from their first byte to the last of the answer: Node tells of every request of this
 * process, Next's included, through its diagnostics channels. Agents' requests are timed where they are taken.
 */
import { channel } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { endpointOf } from './endpoint-of';
import type { Timings } from './timings';

const START = channel('http.server.request.start');
const FINISH = channel('http.server.response.finish');

/** Returns what ends it. */
export function timeQueries(timings: Timings, nowMs: () => number): () => void {
  const began = new WeakMap<IncomingMessage, number>();
  const onStart = (message: unknown) => {
    const { request } = message as { readonly request: IncomingMessage };
    if (request.url?.startsWith('/api/')) began.set(request, nowMs());
  };
  const onFinish = (message: unknown) => {
    const { request } = message as { readonly request: IncomingMessage };
    const at = began.get(request);
    if (at === undefined) return;
    const endpoint = endpointOf(request.method ?? 'GET', request.url ?? '');
    if (endpoint !== null) timings.record(endpoint, nowMs() - at);
  };
  START.subscribe(onStart);
  FINISH.subscribe(onFinish);
  return () => {
    START.unsubscribe(onStart);
    FINISH.unsubscribe(onFinish);
  };
}
