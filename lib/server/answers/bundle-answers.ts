/** Incident bundles over HTTP: out as a gzipped file, in a line at a time. */
import type { z } from 'zod';
import type { BundleAnswer, BundleRecords } from '@/lib/api/bundle';
import { ok } from '@/lib/base/result';
import { type Answer, refused } from '../http/answer';
import type { rangeQuery } from '../http/parameters';
import type { Hub } from '../hub';
import { engineOf } from './topology-answers';

const DEFAULT_RANGE_NANOS = 15n * 60_000_000_000n;

export function bundleFor(hub: Hub, query: z.infer<typeof rangeQuery>): Answer<Response> {
  const engine = query.engine ? engineOf(hub, query.engine) : ok(null);
  if (!engine.ok) return engine;
  const toUnixNano = query.to ?? hub.now();
  const fromUnixNano = query.from ?? toUnixNano - DEFAULT_RANGE_NANOS;
  if (fromUnixNano >= toUnixNano) return refused(400, 'bad_parameter', 'from: has to be before to');
  const lines = hub.incident.lines({ engine: engine.value, fromUnixNano, toUnixNano });
  const when = new Date(Number(toUnixNano / 1_000_000n)).toISOString().slice(0, 19).replaceAll(':', '-');
  return ok(
    new Response(textStream(lines).pipeThrough(new CompressionStream('gzip')), {
      headers: {
        'Content-Type': 'application/gzip',
        'Content-Disposition': `attachment; filename="weir-incident-${when}.jsonl.gz"`,
        'Cache-Control': 'no-store',
      },
    }),
  );
}

export function restoreBundle(hub: Hub, records: BundleRecords): Answer<BundleAnswer> {
  return ok(hub.incident.restore(records));
}

/** Lines are made as they are read: a slow reader holds one back, not a file. */
function textStream(lines: AsyncGenerator<string>): ReadableStream<BufferSource> {
  const encoder = new TextEncoder();
  return new ReadableStream<BufferSource>({
    async pull(controller) {
      const next = await lines.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(`${next.value}\n`));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}
