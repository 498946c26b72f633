/** The checks that a request has to pass before any route sees it. Pure: the proxy file only translates. */
import { isAllowedHost, isAllowedOrigin } from './host-guard';

export interface GuardedRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string | null;
  readonly origin: string | null;
  readonly fetchSite: string | null;
  readonly contentType: string | null;
}

export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export function guardRequest(
  request: GuardedRequest,
  server: { readonly host: string; readonly port: number | null; readonly readOnly: boolean },
): Refusal | null {
  if (!isAllowedHost(request.host, server.host, server.port)) {
    return refusal(
      403,
      'host_not_allowed',
      'This Host is not served. Use localhost, 127.0.0.1 or [::1], or set WEIR_HOST to the name.',
    );
  }
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return null;
  if (!isAllowedOrigin(request.origin, request.host) || request.fetchSite === 'cross-site') {
    return refusal(403, 'origin_not_allowed', 'Changes are taken from pages of this server only.');
  }
  if (!request.path.startsWith('/api/')) return null;
  if (mediaType(request.contentType) !== 'application/json') {
    return refusal(415, 'unsupported_media_type', 'Send changes with Content-Type: application/json.');
  }
  if (server.readOnly && !request.path.endsWith('/what-if')) {
    return refusal(403, 'read_only', 'This server was started with WEIR_READ_ONLY=1: it takes no changes.');
  }
  return null;
}

export function mediaType(contentType: string | null | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function refusal(status: number, code: string, message: string): Refusal {
  return { status, code, message };
}
