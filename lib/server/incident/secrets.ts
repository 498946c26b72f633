/**
 * The last door before a file leaves: values that redaction takes out of a configuration are taken out of every line,
 * wherever else they may stand (a message, an attribute of a span, the command that changed them).
 */
import { parse } from 'yaml';
import { REDACTED } from '@/lib/opamp/redact';
import { redact } from '../redaction';

/** A shorter word stands in too many other words. */
const MIN_LENGTH = 6;
const MAX_SECRETS = 10_000;
const MAX_DEPTH = 64;

/** Texts of a configuration that redaction changes. */
export function secretsOf(config: unknown): string[] {
  const found = new Set<string>();
  collect(config, redact(config), found, 0);
  return [...found].filter((text) => text.length >= MIN_LENGTH && text !== REDACTED).slice(0, MAX_SECRETS);
}

/** The same of files as an agent sends them; one that cannot be read has no value that is known. */
export function secretsOfFiles(files: readonly { readonly body: Uint8Array }[]): string[] {
  return files.flatMap(({ body }) => {
    try {
      return secretsOf(parse(Buffer.from(body).toString('utf8'), { maxAliasCount: 100 }));
    } catch {
      // No YAML and no JSON: nothing is shown of it anywhere, and nothing is known of it here.
      return [];
    }
  });
}

export function createScrubber(secrets: Iterable<string>): (line: string) => string {
  // Longest first, so that one that contains another is taken whole. As JSON would have them within quotes.
  const texts = [...new Set(secrets)]
    .map((secret) => JSON.stringify(secret).slice(1, -1))
    .sort((a, b) => b.length - a.length);
  return (line) => {
    let clean = line;
    for (const text of texts) if (clean.includes(text)) clean = clean.replaceAll(text, REDACTED);
    return clean;
  };
}

function collect(before: unknown, after: unknown, found: Set<string>, depth: number): void {
  if (before === after || depth > MAX_DEPTH) return;
  if (typeof before === 'string') {
    for (const part of changedParts(before, String(after))) found.add(part);
    return;
  }
  if (typeof before !== 'object' || before === null) return;
  const other = typeof after === 'object' && after !== null ? (after as Record<string, unknown>) : {};
  for (const [key, inner] of Object.entries(before)) collect(inner, other[key], found, depth + 1);
}

/** What stands where the redacted text says so: all of it, or the user part of a URL, or a parameter of it. */
function changedParts(before: string, after: string): string[] {
  const pieces = after.split(REDACTED);
  // As headers have it, the scheme is no secret and what follows it is one by itself.
  if (pieces.length === 1 || after === REDACTED)
    return [before, ...(/^\w+ +(\S+)$/.exec(before)?.slice(1) ?? [])];
  const parts: string[] = [];
  let at = (pieces[0] as string).length;
  for (const piece of pieces.slice(1)) {
    const end = piece === '' ? before.length : before.indexOf(piece, at);
    if (end < 0) return [before];
    parts.push(before.slice(at, end));
    at = end + piece.length;
  }
  // `user:word` is a secret as a whole and in its second half.
  return parts.flatMap((part) => [part, ...part.split(':').slice(1)]);
}
