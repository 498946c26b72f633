/**
 * Traces as text pictures, for tests. One line a span, one character a millisecond, indentation says the parent:
 *
 *     recv     b1 |WWB------|
 *       batch  b1 | ..WW    | err items=4 link=merge:t2/1:40:3
 *
 * `.` waiting in the channel, `W` working, `B` blocked on send, `=` held, `-` waiting for the outcome. Flags: `err`,
 * `items=n`, `orphan` (its parent never came), `parent=row` (to draw cycles), `link=type:trace/row:items:heldMs`.
 * Span ids are `trace/row`.
 */
import { listedSpanIds } from '@/lib/store/listed-span-ids';
import type { ColumnLink, SpanColumns } from '@/lib/store/span-columns';

interface PictureSpan {
  readonly indent: number;
  readonly node: string;
  readonly batch: string;
  readonly picture: string;
  readonly flags: readonly string[];
}

export const PICTURE_ORIGIN = 1_700_000_000_000_000_000n;

export function traceFromPicture(traceId: string, text: string, originMs = 0): SpanColumns {
  const spans = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(readLine);
  const base = Math.min(...spans.map((span) => span.indent));
  const nodes = distinct(spans.map((span) => span.node));
  const batches = distinct(spans.map((span) => span.batch));
  const parents = spans.map((_, row) => parentOf(spans, row, base));
  const of = (chars: string) => spans.map((span) => countOf(span.picture, chars));
  const [wait, work, blocked, outcome, held] = [of('.'), of('W'), of('B'), of('-'), of('=')];
  return {
    traceId,
    originUnixNano: PICTURE_ORIGIN + BigInt(originMs) * 1_000_000n,
    length: spans.length,
    spanIds: listedSpanIds(spans.map((_, row) => `${traceId}/${row}`)),
    parent: Int32Array.from(parents),
    startNs: Float64Array.from(spans, (span) => firstOf(span.picture, /[WB=-]/) * 1e6),
    endNs: Float64Array.from(spans, (span) => span.picture.trimEnd().length * 1e6),
    waitMs: Float64Array.from(wait),
    workMs: Float64Array.from(work),
    blockedMs: Float64Array.from(blocked),
    outcomeWaitMs: Float64Array.from(outcome),
    heldMs: Float64Array.from(held),
    items: Float64Array.from(spans, (span) => Number(flag(span, 'items') ?? Number.NaN)),
    status: Uint8Array.from(spans, (span) => (span.flags.includes('err') ? 2 : 0)),
    node: Uint32Array.from(spans, (span) => nodes.indexOf(span.node)),
    name: Uint32Array.from(spans, (span) => nodes.indexOf(span.node)),
    batch: Uint32Array.from(spans, (span) => batches.indexOf(span.batch)),
    nodes,
    names: nodes.map((node) => `processor/test/${node}`),
    batches,
    links: spans.flatMap((span, row) => linksOf(span, row)),
  };
}

function readLine(line: string): PictureSpan {
  const match = /^(\s*)(\S+)\s+(\S+)\s+\|(.*)\|\s*(.*)$/.exec(line);
  if (!match) throw new Error(`not a span: ${line}`);
  const [, indent = '', node = '', batch = '', picture = '', flags = ''] = match;
  return { indent: indent.length, node, batch, picture, flags: flags.split(/\s+/).filter(Boolean) };
}

function parentOf(spans: readonly PictureSpan[], row: number, base: number): number {
  const span = spans[row];
  if (!span) return -1;
  const explicit = flag(span, 'parent');
  if (explicit !== undefined) return Number(explicit);
  if (span.flags.includes('orphan')) return -2;
  if (span.indent === base) return -1;
  for (let above = row - 1; above >= 0; above--) if ((spans[above]?.indent ?? 0) < span.indent) return above;
  return -1;
}

function linksOf(span: PictureSpan, row: number): ColumnLink[] {
  return span.flags
    .filter((text) => text.startsWith('link='))
    .map((text) => {
      const [type = 'other', target = '', items = '', held = ''] = text.slice(5).split(':');
      return {
        row,
        traceId: target.split('/')[0] ?? '',
        spanId: target,
        type: type as ColumnLink['type'],
        items: items === '' ? Number.NaN : Number(items),
        heldMs: held === '' ? Number.NaN : Number(held),
      };
    });
}

function flag(span: PictureSpan, name: string): string | undefined {
  return span.flags.find((text) => text.startsWith(`${name}=`))?.slice(name.length + 1);
}

function countOf(picture: string, char: string): number {
  return [...picture].filter((each) => each === char).length;
}

function firstOf(picture: string, pattern: RegExp): number {
  const at = picture.search(pattern);
  return at < 0 ? picture.trimEnd().length : at;
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
