/**
 * Takes secrets out of configurations before anybody sees them. By key, by place (everything below `headers`) and by
 * shape (credentials in URLs). Rather too much than too little: what is withheld is marked.
 */
export const REDACTED = '[REDACTED]';

const SECRET_KEY =
  /pass(word|wd|phrase)?$|secret|token|api[-_.]?key|access[-_.]?key|private[-_.]?key|(^|[._-])key([-_]pem)?$|credential|authorization|^auth$|bearer|cookie|dsn|connection[-_.]?string|signature|salt/i;
/** Keys that look like secrets and are settings. */
const PLAIN_KEY = /^(key_file|cert_file|ca_file|key|token_url|hash_salt|from_attribute)$/i;
const HEADER_MAP = /^(headers|metadata|http_headers)$/i;
const MAX_DEPTH = 64;

export function isSecretKey(key: string): boolean {
  const last = key.split('.').at(-1) ?? key;
  return SECRET_KEY.test(last) && !PLAIN_KEY.test(last);
}

export function redact(value: unknown, depth = 0): unknown {
  if (depth > MAX_DEPTH) return REDACTED;
  if (typeof value === 'string') return redactUrl(value);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  const named = namedValue(value);
  if (named) return named;
  const out: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (isSecretKey(key)) out[key] = isEmpty(item) ? item : REDACTED;
    else if (HEADER_MAP.test(key)) out[key] = withhold(item, depth + 1);
    else out[key] = redact(item, depth + 1);
  }
  return out;
}

/** `{name: "Authorization", value: "…"}`: some write maps as lists. */
function namedValue(value: object): Record<string, unknown> | null {
  const entry = value as Record<string, unknown>;
  const name = entry.name ?? entry.key;
  if (typeof name !== 'string' || !('value' in entry) || !isSecretKey(name)) return null;
  return { ...entry, value: REDACTED };
}

/** Keeps the shape and the keys, withholds every leaf. */
function withhold(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH || value === null || typeof value !== 'object')
    return isEmpty(value) ? value : REDACTED;
  if (Array.isArray(value)) return value.map((item) => withhold(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'name' || key === 'key' ? item : withhold(item, depth + 1),
    ]),
  );
}

/** Credentials before an `@`, and secret query parameters. */
function redactUrl(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return /^(bearer|basic)\s+\S/i.test(text) ? REDACTED : text;
  return text
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, `$1${REDACTED}@`)
    .replace(/([?&])([^=&#]+)=([^&#]*)/g, (whole, separator: string, key: string) =>
      isSecretKey(key) || /^(sig|auth|key)$/i.test(key) ? `${separator}${key}=${REDACTED}` : whole,
    );
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || value === false;
}
