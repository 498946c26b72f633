import { tracesFor } from '@/lib/server/answers/trace-answers';
import { parseQuery, respond } from '@/lib/server/http/answer';
import { tracesQuery } from '@/lib/server/http/parameters';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return respond((hub) => {
    const query = parseQuery(request.url, tracesQuery);
    return query.ok ? tracesFor(hub, query.value) : query;
  });
}
