import { ok } from '@/lib/base/result';
import { metricsText } from '@/lib/server/answers/metrics-text';
import { respond } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

/** `/metrics` for whoever does not ask for a page: `next.config.js` sends them here. */
export function GET(): Promise<Response> {
  return respond((hub) =>
    ok(
      new Response(metricsText(hub), {
        headers: { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' },
      }),
    ),
  );
}
