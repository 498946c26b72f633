import { controlRequestSchema } from '@/lib/api/control';
import { controlActionsFor, postControlAction } from '@/lib/server/answers/steering-answers';
import { parseBody, parseQuery, respond } from '@/lib/server/http/answer';
import { rangeQuery } from '@/lib/server/http/parameters';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return respond((hub) => {
    const query = parseQuery(request.url, rangeQuery);
    return query.ok ? controlActionsFor(hub, query.value) : query;
  });
}

export function POST(request: Request): Promise<Response> {
  return respond(async (hub) => {
    const body = await parseBody(request, controlRequestSchema);
    return body.ok ? postControlAction(hub, body.value) : body;
  }, 202);
}
