/**
 * What `redactSecrets` leaves for configurations of engines that Weir did not ship: `{name, value}` lists, secrets in
 * query strings, and authorization values under any name. Rather too much than too little.
 */
import { REDACTED, redactSecrets } from '@/lib/opamp/redact';

const MAX_DEPTH = 64;

export function redact(value: unknown): unknown {
  return redactShapes(redactSecrets(value), 0);
}

/** True where what stands under this name is not to be shown. */
export function isSecretKey(key: string): boolean {
  return [key, key.toLowerCase()].some((name) =>
    JSON.stringify(redactSecrets({ [name]: 'x' })).includes(REDACTED),
  );
}

function redactShapes(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) return REDACTED;
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map((item) => redactShapes(item, depth + 1));
  if (value === null || typeof value !== 'object') return value;
  const entry = value as Readonly<Record<string, unknown>>;
  const name = entry.name ?? entry.key;
  if (typeof name === 'string' && 'value' in entry && isSecretKey(name)) return { ...entry, value: REDACTED };
  return Object.fromEntries(
    Object.entries(entry).map(([key, item]) => [
      key,
      typeof item === 'string' && item !== '' && isSecretKey(key) && !isReference(item)
        ? REDACTED
        : redactShapes(item, depth + 1),
    ]),
  );
}

/** `${env:NAME}` says where a secret comes from without being one. */
function isReference(text: string): boolean {
  return /^\$\{[\w:.-]+\}$/.test(text);
}

function redactText(text: string): string {
  if (/^(bearer|basic)\s+\S/i.test(text)) return REDACTED;
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  return text.replace(/([?&])([^=&#]+)=([^&#]*)/g, (whole, separator: string, key: string) =>
    isSecretKey(key) || /^(sig|auth|key|signature)$/i.test(key) ? `${separator}${key}=${REDACTED}` : whole,
  );
}
