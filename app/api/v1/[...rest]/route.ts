import { errorResponse } from '@/lib/server/http/answer';

export const dynamic = 'force-dynamic';

/** What is no route of the API answers like one. */
export function GET(): Response {
  return errorResponse({ status: 404, code: 'not_found', message: 'The API has no such address.' });
}

export { GET as DELETE, GET as PATCH, GET as POST, GET as PUT };
