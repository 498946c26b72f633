/** What a receiver has of a trace, as OTLP JSON: asked of Weir's API, or looked up in what an exporter wrote. */
import { readFile } from 'node:fs/promises';

const PATIENCE_MS = 5_000;

export function weirReader(api: string): (traceId: string) => Promise<string> {
  return (traceId) =>
    eventually(`trace ${traceId}`, async () => {
      const answer = await fetch(`${api}/api/v1/traces/${traceId}?format=otlp`);
      return answer.ok ? answer.text() : null;
    });
}

/** Lines of OTLP JSON that name the trace. */
export function fileReader(path: string): (traceId: string) => Promise<string> {
  return (traceId) =>
    eventually(`trace ${traceId}`, async () => {
      const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.includes(traceId));
      return lines.length > 0 ? lines.join('\n') : null;
    });
}

async function eventually(what: string, look: () => Promise<string | null>): Promise<string> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await look();
    if (found !== null) return found;
    if (Date.now() > end) throw new Error(`${what} is not there`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
