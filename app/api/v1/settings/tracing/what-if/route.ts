import { whatIfSchema } from '@/lib/api/settings';
import { whatIfFor } from '@/lib/server/answers/steering-answers';
import { parseBody, parseQuery, respond } from '@/lib/server/http/answer';
import { engineQuery } from '@/lib/server/http/parameters';

export const dynamic = 'force-dynamic';

export function POST(request: Request): Promise<Response> {
  return respond(async (hub) => {
    const query = parseQuery(request.url, engineQuery);
    if (!query.ok) return query;
    const body = await parseBody(request, whatIfSchema);
    return body.ok ? whatIfFor(hub, query.value.engine, body.value.tailSampling) : body;
  });
}
