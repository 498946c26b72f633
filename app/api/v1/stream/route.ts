import { streamFor } from '@/lib/server/answers/stream-answer';
import { parseQuery, respond } from '@/lib/server/http/answer';
import { streamQuery } from '@/lib/server/http/parameters';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return respond((hub) => {
    const query = parseQuery(request.url, streamQuery);
    return query.ok ? streamFor(hub, query.value, request.headers.get('last-event-id')) : query;
  });
}
