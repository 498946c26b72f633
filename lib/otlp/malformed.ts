import { err, ok, type Result } from '@/lib/base/result';

/** What a request that is no OTLP is answered with: an expected failure, so a value. */
export interface MalformedOtlp {
  readonly kind: 'malformed_otlp';
  /** Says what is wrong and where: a byte offset in protobuf, a path in JSON. */
  readonly message: string;
}

/**
 * How readers stop in the middle of a deep walk. Never leaves `lib/otlp`: `attempt` turns it into a value, so that
 * the hot loops need no result objects.
 */
export class MalformedError extends Error {}

export function malformed(message: string): never {
  throw new MalformedError(message);
}

/**
 * The same with the place. The text is put together here: in the loops that read, the very sight of it makes the
 * compiler keep the position as an object, and make a new one for each field.
 */
export function malformedAt(message: string, position: number): never {
  throw new MalformedError(`${message} at byte ${position}`);
}

/** Runs a reader; what it found malformed becomes a value, a mistake in the program goes on. */
export function attempt<T>(read: () => T): Result<T, MalformedOtlp> {
  try {
    return ok(read());
  } catch (error) {
    if (error instanceof MalformedError) return err({ kind: 'malformed_otlp', message: error.message });
    throw error;
  }
}

/** How deep arrays and maps may nest in an attribute value; deeper input is malformed, never a stack overflow. */
export const MAX_VALUE_DEPTH = 64;

export const TOO_DEEP = `values nested deeper than ${MAX_VALUE_DEPTH}`;
