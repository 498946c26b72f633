/** Reads OTLP JSON files piece by piece in the browser, unpacks `.gz`, and gives what is in them to the server. */
import type { ImportAnswer } from '@/lib/api/import';
import { createJsonDocuments } from '@/lib/otlp/json-documents';
import { momentsOf, otlpRequestsOf, parseDocument } from '@/lib/otlp/json-lines';
import { errorMessage } from './api-error';
import { fetchText } from './fetch-json';
import { piecesOf, traceIdsOf } from './import-pieces';

export interface Imported {
  readonly spans: number;
  readonly others: number;
  readonly rejected: number;
  /** Of the traces that came, the first two. */
  readonly traceIds: readonly string[];
  /** Unix nanoseconds, of spans only. */
  readonly first: bigint | null;
  readonly last: bigint | null;
  /** What could not be read, each with file and line. */
  readonly problems: readonly string[];
}

const MOST_PROBLEMS = 20;
const MOST_IDS = 2;

export async function importFiles(files: readonly File[]): Promise<Imported> {
  const counts = { spans: 0, others: 0, rejected: 0 };
  const traceIds = new Set<string>();
  const problems: string[] = [];
  let first: bigint | null = null;
  let last: bigint | null = null;
  const complain = (text: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push(text);
  };
  const take = async (file: string, document: { readonly line: number; readonly text: string }) => {
    const parsed = parseDocument(document);
    if (!parsed.ok) return complain(`${file}:${parsed.error.line}: ${parsed.error.reason}`);
    const requests = otlpRequestsOf(parsed.value);
    if (!requests.ok) return complain(`${file}:${document.line}: ${requests.error}`);
    for (const request of requests.value) {
      if (request.signal === 'traces') {
        for (const id of traceIdsOf(request.json, MOST_IDS)) if (traceIds.size < MOST_IDS) traceIds.add(id);
        const moments = momentsOf(request.json);
        if (moments && (first === null || moments.first < first)) first = moments.first;
        if (moments && (last === null || moments.last > last)) last = moments.last;
      }
      for (const piece of piecesOf(request)) {
        const answer = await post(piece.signal, piece.body).catch((error: unknown) => errorMessage(error));
        if (typeof answer === 'string') {
          complain(`${file}:${document.line}: ${answer}`);
          continue;
        }
        counts[piece.signal === 'traces' ? 'spans' : 'others'] += answer.received - answer.rejected;
        counts.rejected += answer.rejected;
        if (answer.message !== '') complain(`${file}:${document.line}: ${answer.message}`);
      }
    }
  };
  for (const file of files) {
    const documents = createJsonDocuments();
    const pieces = async (found: ReturnType<typeof documents.end>) => {
      for (const problem of found.problems) complain(`${file.name}:${problem.line}: ${problem.reason}`);
      for (const document of found.documents) await take(file.name, document);
    };
    try {
      const reader = textOf(file).getReader();
      for (let piece = await reader.read(); !piece.done; piece = await reader.read())
        await pieces(documents.push(piece.value));
      await pieces(documents.end());
    } catch (error) {
      complain(`${file.name}: ${errorMessage(error)}`);
    }
  }
  return { ...counts, traceIds: [...traceIds], first, last, problems };
}

function textOf(file: File): ReadableStream<string> {
  const bytes: ReadableStream<BufferSource> = file.stream();
  const plain: ReadableStream<BufferSource> = /\.gz$/i.test(file.name)
    ? bytes.pipeThrough(new DecompressionStream('gzip'))
    : bytes;
  return plain.pipeThrough(new TextDecoderStream());
}

async function post(signal: string, body: string): Promise<ImportAnswer> {
  return fetchText<ImportAnswer>(`/api/v1/import/${signal}`, body);
}
