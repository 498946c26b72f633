/** A moment in the URL: a decimal string of Unix nanoseconds; anything else reads as absent. */
import { createParser } from 'nuqs';
import { parseEpochNanos } from '@/lib/base/time';

export const parseAsNanos = createParser({
  parse: (text) => (parseEpochNanos(text) === null ? null : text),
  serialize: (value: string) => value,
});
