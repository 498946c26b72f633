import { bundleRecordsSchema } from '@/lib/api/bundle';
import { bundleFor, restoreBundle } from '@/lib/server/answers/bundle-answers';
import { MAX_BUNDLE_LINE_BYTES, parseBody, parseQuery, respond } from '@/lib/server/http/answer';
import { rangeQuery } from '@/lib/server/http/parameters';

export const dynamic = 'force-dynamic';

export function GET(request: Request): Promise<Response> {
  return respond((hub) => {
    const query = parseQuery(request.url, rangeQuery);
    return query.ok ? bundleFor(hub, query.value) : query;
  });
}

/** One line of a bundle. */
export function POST(request: Request): Promise<Response> {
  return respond(async (hub) => {
    const body = await parseBody(request, bundleRecordsSchema, MAX_BUNDLE_LINE_BYTES);
    return body.ok ? restoreBundle(hub, body.value.weirRecords) : body;
  });
}
