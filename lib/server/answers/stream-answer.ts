import type { z } from 'zod';
import { ok } from '@/lib/base/result';
import { type Answer, refused } from '../http/answer';
import type { streamQuery } from '../http/parameters';
import type { Hub } from '../hub';
import { MAX_CONNECTIONS } from '../stream/stream-hub';

/** Compression would hold events back, so caches and proxies are told to leave the stream as it is. */
const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
};

export function streamFor(
  hub: Hub,
  query: z.infer<typeof streamQuery>,
  lastEventId: string | null,
): Answer<Response> {
  const scope = { engine: query.engine ?? null, pipeline: query.pipeline ?? null, window: query.window };
  const body = hub.stream.open(scope, lastEventId, query.traces);
  if (body) return ok(new Response(body, { headers: STREAM_HEADERS }));
  if (hub.isStopping) return refused(503, 'stopping', 'The server is stopping.');
  return refused(503, 'too_many_streams', `More than ${MAX_CONNECTIONS} streams are open.`);
}
