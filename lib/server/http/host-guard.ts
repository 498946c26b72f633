/**
 * Which `Host` and `Origin` may talk to this process. A page of another site can make a browser send requests to
 * loopback, and can point its own name at 127.0.0.1 (DNS rebinding); the name in `Host` gives the latter away.
 */
const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** `host` with an optional port; `null` where it is none of that. */
export function splitHost(host: string): { readonly name: string; readonly port: string } | null {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/.exec(host);
  return match ? { name: (match[1] ?? '').toLowerCase(), port: match[2] ?? '80' } : null;
}

/** True for a loopback name or the configured host; the port has to be `port` where that is given. */
export function isAllowedHost(
  host: string | null | undefined,
  configuredHost: string,
  port: number | null,
): boolean {
  const parts = splitHost(host ?? '');
  if (!parts) return false;
  if (port !== null && parts.port !== String(port)) return false;
  if (LOOPBACK_NAMES.includes(parts.name)) return true;
  // 0.0.0.0 and :: mean every interface, not a name that somebody may use.
  return parts.name === bracketed(configuredHost) && !isWildcard(configuredHost);
}

/** Browsers send `Origin` with every request that can change something; programs send none. */
export function isAllowedOrigin(origin: string | null | undefined, host: string | null | undefined): boolean {
  if (origin === null || origin === undefined) return true;
  return origin.toLowerCase() === `http://${(host ?? '').toLowerCase()}`;
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host.toLowerCase()}]` : host.toLowerCase();
}

function isWildcard(host: string): boolean {
  return host === '0.0.0.0' || host === '::' || host === '[::]';
}
