/** A trace as OTLP JSON, streamed a page at a time, so that one of any size leaves without being in memory twice. */
import { tracesToJson } from '@/lib/otlp/json-traces';
import type { TelemetryStore } from '@/lib/store/telemetry-store';

/** Null where the trace is not held. A trace that leaves meanwhile breaks the stream off: half a file is no file. */
export async function otlpExport(
  store: TelemetryStore,
  traceId: string,
): Promise<ReadableStream<Uint8Array> | null> {
  const held = await store.otlpPages(traceId);
  if (held === null) return null;
  const pages = held[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  let separator = '';
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode('{"resourceSpans":[')),
    async pull(controller) {
      const page = await pages.next();
      if (page.done) {
        controller.enqueue(encoder.encode(']}\n'));
        controller.close();
        return;
      }
      const { resourceSpans } = tracesToJson(page.value) as { readonly resourceSpans: readonly unknown[] };
      const texts = resourceSpans.map((group) => JSON.stringify(group)).join(',');
      controller.enqueue(encoder.encode(separator + texts));
      separator = ',';
    },
  });
}
