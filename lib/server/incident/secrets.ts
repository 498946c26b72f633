/**
 * The last door before a file leaves: values that redaction takes out of a configuration are taken out of every text
 * in it, wherever else they may stand (a message, an attribute of a span, the command that changed them).
 */
import { parse } from 'yaml';
import { REDACTED, secretsIn } from '@/lib/opamp/redact';

/** Shorter ones stand in any text by chance. */
const MIN_LENGTH = 4;
/** Digits that a short secret could only stand in by chance, and that the file would be broken without. */
const NOT_TEXT = /^(traceId|spanId|parentSpanId)$|UnixNano$/;

/** Of files as an agent sends them; one that cannot be read has no value that is known. */
export function secretsInFiles(files: readonly { readonly body: Uint8Array }[]): string[] {
  return files.flatMap(({ body }) => {
    try {
      return [...secretsIn(parse(Buffer.from(body).toString('utf8'), { maxAliasCount: 100 }))];
    } catch {
      // No YAML and no JSON: nothing is shown of it anywhere, and nothing is known of it here.
      return [];
    }
  });
}

/** Writes a value as JSON without the secrets. Names of fields stay what they are. */
export function createScrubber(secrets: Iterable<string>): (value: unknown) => string {
  // Longest first, so that one that contains another is taken whole.
  const known = [...new Set(secrets)]
    .filter((secret) => secret.length >= MIN_LENGTH && secret !== REDACTED)
    .sort((a, b) => b.length - a.length);
  if (known.length === 0) return (value) => JSON.stringify(value);
  const clean = (text: string) =>
    known.reduce((left, secret) => (left.includes(secret) ? left.replaceAll(secret, REDACTED) : left), text);
  return (value) =>
    JSON.stringify(value, (key, inner: unknown) =>
      typeof inner === 'string' && !NOT_TEXT.test(key) ? clean(inner) : inner,
    );
}
