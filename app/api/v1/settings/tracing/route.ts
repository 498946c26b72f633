import { tracingSettingsSchema } from '@/lib/api/settings';
import { putTracingSettings, tracingSettingsFor } from '@/lib/server/answers/steering-answers';
import { parseBody, parseQuery, respond } from '@/lib/server/http/answer';
import { engineQuery } from '@/lib/server/http/parameters';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return respond((hub) => {
    const query = parseQuery(request.url, engineQuery);
    return query.ok ? tracingSettingsFor(hub, query.value.engine) : query;
  });
}

export function PUT(request: Request): Promise<Response> {
  return respond(async (hub) => {
    const query = parseQuery(request.url, engineQuery);
    if (!query.ok) return query;
    const body = await parseBody(request, tracingSettingsSchema);
    return body.ok ? putTracingSettings(hub, query.value.engine, body.value) : body;
  }, 202);
}
