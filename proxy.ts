/** Runs before every route: who may ask at all, and which scripts a page may run. The rules are `lib/server/http`. */
import { type NextRequest, NextResponse } from 'next/server';
import { guardRequest } from '@/lib/server/http/request-guard';
import { contentSecurityPolicy, PLAIN_SECURITY_HEADERS } from '@/lib/server/http/security-headers';

export function proxy(request: NextRequest): NextResponse {
  const { headers } = request;
  const refusal = guardRequest(
    {
      method: request.method,
      path: request.nextUrl.pathname,
      host: headers.get('host'),
      origin: headers.get('origin'),
      fetchSite: headers.get('sec-fetch-site'),
      contentType: headers.get('content-type'),
    },
    {
      host: process.env.WEIR_HOST || '127.0.0.1',
      port: Number(process.env.PORT || 3000),
      readOnly: process.env.WEIR_READ_ONLY === '1',
    },
  );
  if (refusal) {
    const { status, code, message } = refusal;
    return secured(NextResponse.json({ error: { code, message } }, { status }));
  }
  const nonce = btoa(crypto.randomUUID());
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === 'development');
  const forwarded = new Headers(headers);
  // Next reads the nonce for its own scripts from the policy on the request.
  forwarded.set('Content-Security-Policy', policy);
  forwarded.set('x-nonce', nonce);
  const response = secured(NextResponse.next({ request: { headers: forwarded } }));
  response.headers.set('Content-Security-Policy', policy);
  return response;
}

function secured(response: NextResponse): NextResponse {
  for (const [name, value] of PLAIN_SECURITY_HEADERS) response.headers.set(name, value);
  return response;
}
