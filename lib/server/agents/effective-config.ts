/** An agent's effective configuration as people may see it. What cannot be read cannot be redacted: it is withheld. */
import { parse, stringify } from 'yaml';
import { redactSecrets } from '@/lib/opamp/redact';
import type { ConfigFile } from './agent-record';

const MAX_SHOWN_BYTES = 4 * 1024 * 1024;

export interface ConfigAnswer {
  /** Over the bytes as the agent sent them. */
  readonly hash: string;
  readonly files: readonly {
    readonly name: string;
    readonly contentType: string;
    /** Redacted; null where it could not be read. */
    readonly body: string | null;
  }[];
}

export function configAnswer(files: readonly ConfigFile[], hash: string): ConfigAnswer {
  return {
    hash,
    files: files.map(({ name, contentType, body }) => ({ name, contentType, body: redactedText(body) })),
  };
}

/** JSON stays JSON and anything else that reads as YAML comes back as YAML, comments dropped: they may hold secrets. */
export function redactedText(body: Uint8Array): string | null {
  if (body.length > MAX_SHOWN_BYTES) return null;
  const text = Buffer.from(body).toString('utf8');
  const json = attempt(() => JSON.parse(text) as unknown);
  if (json.read) return JSON.stringify(redactSecrets(json.value), null, 2);
  const yaml = attempt(() => parse(text, { maxAliasCount: 100 }) as unknown);
  if (!yaml.read || yaml.value === null || typeof yaml.value !== 'object') return null;
  return stringify(redactSecrets(yaml.value));
}

function attempt(read: () => unknown): { readonly read: boolean; readonly value: unknown } {
  try {
    return { read: true, value: read() };
  } catch {
    // Not this format; the caller tries the next or withholds the text.
    return { read: false, value: null };
  }
}
