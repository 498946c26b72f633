/** What a page read from a file that was dropped on it: an OTLP JSON request, taken in as if an exporter had sent it. */
import type { ImportAnswer } from '@/lib/api/import';
import { ok } from '@/lib/base/result';
import { type Answer, readBounded, refused } from '../http/answer';
import type { Hub } from '../hub';

const SIGNALS = ['traces', 'metrics', 'logs'] as const;
/** Far more than the pieces that a page cuts a file into; one span alone may be large. */
const MAX_IMPORT_BYTES = 16 << 20;

export async function importFor(hub: Hub, name: string, request: Request): Promise<Answer<ImportAnswer>> {
  const signal = SIGNALS.find((each) => each === name);
  if (!signal) return refused(404, 'not_found', `Nothing called ${name} can be imported.`);
  const body = await readBounded(request, MAX_IMPORT_BYTES);
  if (body === null) {
    hub.requests.rejected++;
    return refused(413, 'too_large', `The body is larger than ${MAX_IMPORT_BYTES} bytes.`);
  }
  const taken = hub.store.append(signal, 'json', body);
  if (!taken.ok) {
    hub.requests.rejected++;
    return refused(400, 'malformed_otlp', taken.message);
  }
  hub.requests.accepted++;
  hub.requests.bytes += body.byteLength;
  return ok({ received: taken.received, rejected: taken.rejected, message: taken.message });
}
