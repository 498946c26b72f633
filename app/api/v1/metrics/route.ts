import { metricsFor } from '@/lib/server/answers/topology-answers';
import { parseQuery, respond } from '@/lib/server/http/answer';
import { metricsQuery } from '@/lib/server/http/parameters';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return respond((hub) => {
    const query = parseQuery(request.url, metricsQuery);
    return query.ok ? metricsFor(hub, query.value) : query;
  });
}
