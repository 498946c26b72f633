import { tuningFor } from '@/lib/server/answers/tuning-answer';
import { parseQuery, respond } from '@/lib/server/http/answer';
import { tuningQuery } from '@/lib/server/http/parameters';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return respond((hub) => {
    const query = parseQuery(request.url, tuningQuery);
    return query.ok ? tuningFor(hub, query.value) : query;
  });
}
