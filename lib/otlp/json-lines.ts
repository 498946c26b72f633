/**
 * OTLP JSON as files hold it: export requests, one a line or one a file, of any signal, from any tool. Pure: who reads
 * the file (a program, a page) hands over its text. Requests stay as `JSON.parse` gives them, so that they can be sent on
 * with everything that their writer put there.
 */
import { err, ok, type Result } from '@/lib/base/result';
import { createJsonDocuments, type JsonDocument, type JsonProblem } from './json-documents';
import { isJsonObject } from './json-value';

export type OtlpFileSignal = 'traces' | 'metrics' | 'logs';

export interface OtlpJsonRequest {
  readonly signal: OtlpFileSignal;
  /** `{resourceSpans: […]}` and nothing of another signal. */
  readonly json: Readonly<Record<string, unknown>>;
}

export const REQUEST_KEY: Readonly<Record<OtlpFileSignal, string>> = {
  traces: 'resourceSpans',
  metrics: 'resourceMetrics',
  logs: 'resourceLogs',
};
const SIGNALS: readonly OtlpFileSignal[] = ['traces', 'metrics', 'logs'];

/** The requests of one document; one that holds several signals becomes one of each, a list all of its elements. */
export function otlpRequestsOf(document: unknown): Result<readonly OtlpJsonRequest[], string> {
  if (Array.isArray(document)) {
    const all: OtlpJsonRequest[] = [];
    for (const element of document) {
      const one = otlpRequestsOf(element);
      if (!one.ok) return one;
      all.push(...one.value);
    }
    return ok(all);
  }
  if (!isJsonObject(document)) return err('no JSON object');
  const requests = SIGNALS.flatMap((signal) => {
    const parts = document[REQUEST_KEY[signal]];
    return Array.isArray(parts) ? [{ signal, json: { [REQUEST_KEY[signal]]: parts } }] : [];
  });
  return requests.length > 0 ? ok(requests) : err('neither spans nor metrics nor log records');
}

export function parseDocument({ text, line }: JsonDocument): Result<unknown, JsonProblem> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return err({ line, reason: error instanceof Error ? error.message : String(error) });
  }
}

export interface OtlpFile {
  readonly requests: readonly OtlpJsonRequest[];
  /** What of the file could not be read, by the line on which it begins. */
  readonly problems: readonly JsonProblem[];
}

/** A whole file that is in memory already. */
export function readOtlpText(text: string): OtlpFile {
  const reader = createJsonDocuments();
  const requests: OtlpJsonRequest[] = [];
  const problems: JsonProblem[] = [];
  for (const pieces of [reader.push(text), reader.end()]) {
    problems.push(...pieces.problems);
    for (const document of pieces.documents) {
      const parsed = parseDocument(document);
      const found = parsed.ok ? otlpRequestsOf(parsed.value) : parsed;
      if (found.ok) requests.push(...found.value);
      else if (typeof found.error === 'string') problems.push({ line: document.line, reason: found.error });
      else problems.push(found.error);
    }
  }
  return { requests, problems };
}

/** Keys of OTLP (and of Weir's own records) that hold a moment; keys are never a sender's own words. */
const MOMENT = /UnixNano$/;
const START = /^start/;
/** Deeper than OTLP nests values, and far from the end of any stack. */
const MAX_DEPTH = 256;

/** The earliest and the latest moment within, in Unix nanoseconds; null where it tells none. */
export function momentsOf(json: unknown): { readonly first: bigint; readonly last: bigint } | null {
  let first: bigint | null = null;
  let last = 0n;
  const isTraces = isJsonObject(json) && REQUEST_KEY.traces in json;
  eachMoment(json, 0, (key, moment) => {
    // A counter's start is when its program started, which may be days ago.
    if (START.test(key) && !isTraces) return;
    if (moment > last) last = moment;
    if (first === null || moment < first) first = moment;
  });
  return first === null ? null : { first, last };
}

/** The same with every moment later by `byNano`; what is absent or zero stays so. */
export function shiftMoments(json: unknown, byNano: bigint): unknown {
  return shifted(json, byNano, 0);
}

function shifted(json: unknown, byNano: bigint, depth: number): unknown {
  if (depth > MAX_DEPTH) return json;
  if (Array.isArray(json)) return json.map((element) => shifted(element, byNano, depth + 1));
  if (!isJsonObject(json)) return json;
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(json)) {
    const moment = MOMENT.test(key) ? momentOf(value) : null;
    out[key] = moment === null ? shifted(value, byNano, depth + 1) : String(moment + byNano);
  }
  return out;
}

function eachMoment(json: unknown, depth: number, see: (key: string, moment: bigint) => void): void {
  if (typeof json !== 'object' || json === null || depth > MAX_DEPTH) return;
  if (Array.isArray(json)) {
    for (const element of json) eachMoment(element, depth + 1, see);
    return;
  }
  for (const [key, value] of Object.entries(json)) {
    const moment = MOMENT.test(key) ? momentOf(value) : null;
    if (moment !== null) see(key, moment);
    else eachMoment(value, depth + 1, see);
  }
}

function momentOf(value: unknown): bigint | null {
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return BigInt(value);
  if (typeof value !== 'string' || !/^\d{1,20}$/.test(value)) return null;
  const moment = BigInt(value);
  return moment > 0n ? moment : null;
}
