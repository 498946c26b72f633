import { topologyFor } from '@/lib/server/answers/topology-answers';
import { parseQuery, respond } from '@/lib/server/http/answer';
import { topologyQuery } from '@/lib/server/http/parameters';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return respond((hub) => {
    const query = parseQuery(request.url, topologyQuery);
    return query.ok ? topologyFor(hub, query.value) : query;
  });
}
