/**
 * A capture on disk: a folder (as the Collector's file exporter and this project's captures leave it) or single files,
 * gzipped or not. Files are read as they are sent, a piece at a time, so that one larger than the memory can be played.
 */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import { createJsonDocuments, type JsonProblem } from '@/lib/otlp/json-documents';
import { momentsOf, otlpRequestsOf, parseDocument } from '@/lib/otlp/json-lines';
import { type CaptureStep, inOrder } from './capture-step';
import { agentStep, isOpampLine, type OpampLine, opampLine, serverStart } from './opamp-lines';

export interface Capture {
  readonly files: readonly string[];
  readonly first: bigint;
  readonly last: bigint;
  /** Its window, where the file is an incident bundle. */
  readonly bundle: { readonly fromUnixNano: string; readonly toUnixNano: string } | null;
  readonly problems: readonly (JsonProblem & { readonly file: string })[];
  /** From the beginning, each time. */
  steps(): AsyncGenerator<CaptureStep>;
}

const FILE = /\.(jsonl|json|ndjson|log)(\.gz)?$/;
/** What our captures hold beside the engine's own telemetry. */
const NOT_TELEMETRY = /^(incidents|pushed|admin-.*)\.json/;
const MAX_PROBLEMS = 1_000;

export async function filesOf(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const one of paths) {
    if (!(await stat(one)).isDirectory()) found.push(one);
    else {
      const names = (await readdir(one)).filter((name) => FILE.test(name) && !NOT_TELEMETRY.test(name));
      found.push(...names.sort().map((name) => path.join(one, name)));
    }
  }
  return found;
}

/** Reads it once through, to know its first and last moment before anything is sent. */
export async function openCapture(paths: readonly string[]): Promise<Capture> {
  const files = await filesOf(paths);
  const problems: (JsonProblem & { readonly file: string })[] = [];
  const agents: OpampLine[] = [];
  let bundle: Capture['bundle'] = null;
  let first: bigint | null = null;
  let last = 0n;
  for (const file of files) {
    const seen = (problem: JsonProblem) => {
      if (problems.length < MAX_PROBLEMS) problems.push({ file, ...problem });
    };
    for await (const json of documents(file, seen)) {
      if (isOpampLine(json)) {
        const line = opampLine(json);
        if (line) agents.push(line);
        continue;
      }
      bundle ??= headerOf(json);
      const moments = momentsOf(json);
      if (!moments) continue;
      if (first === null || moments.first < first) first = moments.first;
      if (moments.last > last) last = moments.last;
    }
  }
  const start = serverStart(agents) ?? first ?? 0n;
  for (const line of agents) {
    const { at } = agentStep(line, start);
    if (at !== null && (first === null || at < first)) first = at;
    if (at !== null && at > last) last = at;
  }
  return {
    files,
    first: first ?? 0n,
    last: bundle ? BigInt(bundle.toUnixNano) : last,
    bundle,
    problems,
    steps: () => inOrder(files.map((file) => fileSteps(file, start)[Symbol.asyncIterator]())),
  };
}

async function* fileSteps(file: string, start: bigint): AsyncGenerator<CaptureStep> {
  for await (const json of documents(file, () => undefined)) {
    if (isOpampLine(json)) {
      const line = opampLine(json);
      if (line) yield agentStep(line, start);
      continue;
    }
    if (isRecords(json)) {
      yield { kind: 'records', at: momentsOf(json)?.last ?? null, json };
      continue;
    }
    const requests = otlpRequestsOf(json);
    if (!requests.ok) continue;
    for (const { signal, json: request } of requests.value)
      yield { kind: 'otlp', signal, json: request, at: momentsOf(request)?.last ?? null };
  }
}

/** Each document that can be read; what cannot is told. */
async function* documents(file: string, onProblem: (problem: JsonProblem) => void): AsyncGenerator<unknown> {
  const reader = createJsonDocuments();
  const raw = createReadStream(file);
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  raw.on('error', (error) => input.destroy(error));
  input.setEncoding('utf8');
  const read = function* (pieces: ReturnType<typeof reader.push>) {
    pieces.problems.forEach(onProblem);
    for (const document of pieces.documents) {
      const parsed = parseDocument(document);
      if (!parsed.ok) onProblem(parsed.error);
      else {
        const known = isOpampLine(parsed.value) || isBundleLine(parsed.value);
        const requests = known ? null : otlpRequestsOf(parsed.value);
        if (requests && !requests.ok) onProblem({ line: document.line, reason: requests.error });
        else yield parsed.value;
      }
    }
  };
  for await (const piece of input) yield* read(reader.push(piece as string));
  yield* read(reader.end());
}

function isBundleLine(json: unknown): boolean {
  return typeof json === 'object' && json !== null && Object.keys(json).some((key) => key.startsWith('weir'));
}

function isRecords(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'weirRecords' in json;
}

function headerOf(json: unknown): Capture['bundle'] {
  if (typeof json !== 'object' || json === null || !('weirBundle' in json)) return null;
  const { fromUnixNano, toUnixNano } = json.weirBundle as Readonly<Record<string, unknown>>;
  return { fromUnixNano: String(fromUnixNano), toUnixNano: String(toUnixNano) };
}
