import { coverageFor } from '@/lib/server/answers/coverage-answer';
import { parseQuery, respond } from '@/lib/server/http/answer';
import { coverageQuery } from '@/lib/server/http/parameters';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return respond((hub) => {
    const query = parseQuery(request.url, coverageQuery);
    return query.ok ? coverageFor(hub, query.value) : query;
  });
}
