/** An order in one line: `config.delayMs 5 → 80`. */
import type { ControlRequest } from '@/lib/api/control';
import { isSecretKey } from '@/lib/opamp/redact';
import type { TargetBefore } from './desired-changes';

const MAX_LENGTH = 200;

export function summarize(
  request: ControlRequest,
  before: TargetBefore,
  /** The configuration that the target runs with, where it is known. */
  running: Readonly<Record<string, unknown>> | null,
): string {
  if (request.action !== 'config_update') {
    return request.deadlineMs === undefined
      ? request.action
      : `${request.action} within ${request.deadlineMs} ms`;
  }
  const parts = Object.entries(request.config ?? {}).map(([key, value]) =>
    change(`config.${key}`, before.node?.config?.[key] ?? running?.[key], value),
  );
  if (request.concurrency !== undefined)
    parts.push(change('concurrency', before.node?.concurrency, request.concurrency));
  if (request.faults !== undefined) parts.push(change('faults', before.node?.faults, request.faults));
  if (request.capacity !== undefined)
    parts.push(change('capacity', before.capacity ?? undefined, request.capacity));
  const text = parts.filter((part) => part !== '').join(', ');
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
}

function change(name: string, from: unknown, to: unknown): string {
  if (isSecretKey(name)) return `${name} changed`;
  const [before, after] = [show(from), show(to)];
  if (before === after) return '';
  return before === '' ? `${name} → ${after}` : `${name} ${before} → ${after}`;
}

function show(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
