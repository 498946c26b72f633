/**
 * Reads a pipeline file. All problems are told at once, each with its line, its path and the reason:
 *
 *   nodes:
 *     rcv:  { type: receiver:otlp, config: { port: 4318 } }
 *     exp:  { type: urn:otel:exporter:noop, concurrency: 2, capacity: 16 }
 *   connections:
 *     - { from: rcv, to: exp }          # or `rcv:logs`, for an output port with a name
 *   policies: { channels: { pdata: { capacity: 128 } }, delayed_after: 1s }
 *
 * `${NAME}` and `${NAME:-default}` are taken from the environment before anything else.
 */
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { err, ok, type Result } from '@/lib/base/result';
import type { ConfigProblem, NodeTypes } from './pipeline-api';
import { checkPipeline } from './pipeline-check';
import type { PipelineConfig } from './pipeline-config';

/** Bytes of a pipeline file. */
export const MAX_PIPELINE_TEXT = 4 * 2 ** 20;

export interface PipelineSource {
  readonly file: string;
  readonly nodeTypes: NodeTypes;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function parsePipeline(text: string, source: PipelineSource): Result<PipelineConfig, ConfigProblem[]> {
  const { file, nodeTypes, env = {} } = source;
  if (text.length > MAX_PIPELINE_TEXT) {
    return err([
      { file, line: null, path: '', reason: `the file is longer than ${MAX_PIPELINE_TEXT} characters` },
    ]);
  }
  const lines = new LineCounter();
  const { expanded, missing } = expandEnvironment(text, env);
  const document = parseDocument(expanded, { lineCounter: lines, prettyErrors: false });
  const problems: ConfigProblem[] = missing.map(({ name, line }) => ({
    file,
    line,
    path: '',
    reason: `environment variable ${name} is not set and has no default`,
  }));
  for (const error of document.errors) {
    problems.push({ file, line: lines.linePos(error.pos[0]).line, path: '', reason: error.message });
  }
  if (problems.length > 0) return err(problems);
  const read = readDocument(document);
  if (!read.ok) return err([{ file, line: 1, path: '', reason: read.error }]);
  const checked = checkPipeline(read.value, nodeTypes, file);
  if (checked.ok) return checked;
  return err(
    checked.error
      .map(({ path, reason }) => ({
        file,
        line: lineOf(document, lines, path),
        path: pathName(path),
        reason,
      }))
      .sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
  );
}

function readDocument(document: Document): Result<unknown, string> {
  try {
    return ok(document.toJS({ maxAliasCount: 100 }));
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

/** Line of what stands at the path, or of the nearest thing around it that is there. */
function lineOf(document: Document, lines: LineCounter, path: readonly (string | number)[]): number | null {
  for (let length = path.length; length >= 0; length--) {
    const found = document.getIn(path.slice(0, length), true);
    if (isNode(found) && found.range)
      return lines.linePos(keyStart(document, path.slice(0, length)) ?? found.range[0]).line;
  }
  return null;
}

/** Where the key of a map entry stands: a block value begins a line below it. */
function keyStart(document: Document, path: readonly (string | number)[]): number | null {
  const key = path[path.length - 1];
  const parent = document.getIn(path.slice(0, -1), true);
  if (typeof key !== 'string' || !isMap(parent)) return null;
  const pair = parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
  return pair && isScalar(pair.key) ? (pair.key.range?.[0] ?? null) : null;
}

function pathName(path: readonly (string | number)[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

function expandEnvironment(text: string, env: Readonly<Record<string, string | undefined>>) {
  const missing: { readonly name: string; readonly line: number }[] = [];
  const expanded = text.replace(
    /\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}\n]*))?\}/g,
    (_, name: string, fallback: string | undefined, at: number) => {
      const value = env[name] ?? fallback;
      if (value === undefined) missing.push({ name, line: text.slice(0, at).split('\n').length });
      // A value stays on its line, so that lines in messages are those of the file.
      return (value ?? '').replace(/[\r\n]+/g, ' ');
    },
  );
  return { expanded, missing };
}
