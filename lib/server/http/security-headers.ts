/** The policy of every page: scripts run only with this response's nonce; nothing comes from elsewhere. */
export function contentSecurityPolicy(nonce: string, development: boolean): string {
  const evaluation = development ? " 'unsafe-eval'" : '';
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${evaluation}`,
    ...styleDirectives(nonce, development),
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Positions of rows, bars and nodes are style attributes, which no nonce can cover; style elements can be covered. */
function styleDirectives(nonce: string, development: boolean): readonly string[] {
  if (development) return ["style-src 'self' 'unsafe-inline'"];
  return [`style-src-elem 'self' 'nonce-${nonce}'`, "style-src-attr 'unsafe-inline'", "style-src 'self'"];
}

export const PLAIN_SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Frame-Options', 'DENY'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
];
