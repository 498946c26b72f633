import type { Result } from '@/lib/base/result';
import { attempt, type MalformedOtlp, malformed } from './malformed';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The body of a JSON request; what is no UTF-8 or no JSON is malformed. */
export function parseJsonBytes(bytes: Uint8Array): Result<unknown, MalformedOtlp> {
  return attempt((): unknown => {
    try {
      return JSON.parse(utf8.decode(bytes));
    } catch (error) {
      return malformed(error instanceof Error ? error.message : String(error));
    }
  });
}
