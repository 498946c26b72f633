/** A change of a whole configuration in one line: `main.policies.telemetry.runtime_metrics detailed → basic`. No credential in it. */
import type { JsonEdit } from '@/lib/opamp/json-edit';
import { isSecretKey, redactSecrets } from '@/lib/opamp/redact';

const MAX_LENGTH = 200;

export function stateSummary(before: unknown, after: unknown, edits: readonly JsonEdit[]): string {
  if (edits.length === 0) return 'what runs, once more';
  const [was, is] = [redactSecrets(before), redactSecrets(after)];
  const text = edits.map(({ path }) => change(path, valueAt(was, path), valueAt(is, path))).join(', ');
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

function change(path: readonly string[], before: unknown, after: unknown): string {
  const name = shortName(path);
  const [from, to] = [show(before), show(after)];
  if (from === to || path.some(isSecretKey)) return `${name} changed`;
  return `${name} ${from} → ${to}`;
}

/** Without what is the same in every path: `groups.<g>.pipelines.<p>`, `nodes.<n>.config`. */
function shortName(path: readonly string[]): string {
  const inPipeline =
    path[0] === 'groups' && path[2] === 'pipelines' && path.length > 4 ? path.slice(4) : path;
  const ofNode = inPipeline[0] === 'nodes' && inPipeline[2] === 'config';
  return (ofNode ? inPipeline.slice(2) : inPipeline).join('.');
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, key) =>
      typeof at === 'object' && at !== null && Object.hasOwn(at, key)
        ? (at as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value,
  );
}

function show(value: unknown): string {
  if (value === undefined) return 'not set';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
