/** The lines of a node card as text. Pure, so that card, table and screen reader say the same. */
import type { NodeStats, TopologyNode } from '@/lib/api/topology';
import { formatCompact, formatMs, formatMsBare, formatPercent, formatRate } from '@/lib/base/format';
import { parseUrn } from '@/lib/semconv/urn';

/** `otlp_http` of `urn:otel:exporter:otlp_http`; a Collector's type as it is. */
export function shortType(type: string): string {
  return parseUrn(type)?.typeId ?? type;
}

export interface RateText {
  /** Null where there is only one: a receiver has no input, an exporter no output. */
  readonly in: string | null;
  readonly out: string | null;
}

export function rateText(node: Pick<TopologyNode, 'kind'>, stats: NodeStats): RateText {
  const given = { in: formatCompact(stats.inPerSec), out: formatCompact(stats.outPerSec) };
  if (node.kind === 'receiver') return { in: null, out: stats.outPerSec === null ? given.in : given.out };
  if (node.kind === 'exporter') return { in: given.in, out: null };
  return given;
}

/** `88 · 112 ms`: p50 and p99 of working time, in one unit; the mean stands in for a median nobody told. */
export function latencyText(stats: NodeStats): string {
  const middle = stats.p50Ms ?? stats.meanMs;
  if (middle === null && stats.p99Ms === null) return '–';
  // A source without buckets tells no quantiles.
  if (stats.p50Ms === null && stats.p99Ms === null) return `mean ${formatMs(middle, 2)}`;
  const top = stats.p99Ms ?? middle ?? 0;
  if (top < 1) return `${formatMsBare(inMicros(middle))} · ${formatMsBare(inMicros(stats.p99Ms))} µs`;
  if (top >= 10_000) return `${formatMs(middle, 2)} · ${formatMs(stats.p99Ms, 2)}`;
  return `${formatMsBare(middle)} · ${formatMsBare(stats.p99Ms)} ms`;
}

export function latencyTitle(stats: NodeStats): string {
  if (stats.p50Ms !== null || stats.p99Ms !== null || stats.meanMs === null)
    return 'Working time, median and p99';
  return `Working time: this source tells its mean and its greatest only, ${formatMs(stats.maxMs)}`;
}

/** Its type, and its pipeline where one is said: a Collector makes a processor anew for each. */
export function belongsTo(node: Pick<TopologyNode, 'type' | 'component'>, pipeline: string): string {
  const short = shortType(node.type);
  if (pipeline === '') return short;
  return short === node.component ? pipeline : `${short} · ${pipeline}`;
}

function inMicros(ms: number | null): number | null {
  return ms === null ? null : ms * 1_000;
}

export type NodeBadge = {
  readonly text: string;
  readonly tone: 'neutral' | 'warn' | 'bad';
  readonly title: string;
};

const ERRORS_SHOWN_FROM = 0.0005;
const REDUCED_SHOWN_FROM = 0.005;

/** What is worth a word on the card; the worst first, at most three. */
export function badgesOf(node: TopologyNode, stats: NodeStats | undefined): readonly NodeBadge[] {
  const badges: NodeBadge[] = [];
  if (stats?.lostPerSec) {
    badges.push({ text: `lost ${formatRate(stats.lostPerSec)}`, tone: 'bad', title: 'Items lost here' });
  }
  if (node.state !== null && node.state !== 'running') {
    badges.push({ text: node.state, tone: 'warn', title: `The node is ${node.state}` });
  }
  if (stats?.errorRatio && stats.errorRatio >= ERRORS_SHOWN_FROM) {
    badges.push({
      text: `${formatPercent(stats.errorRatio)} err`,
      tone: 'bad',
      title: 'Share of batches that failed',
    });
  }
  if (hasFaults(node.faults))
    badges.push({ text: 'faults', tone: 'warn', title: 'Faults are injected here' });
  const reduced = reducedShare(stats);
  if (reduced !== null && reduced >= REDUCED_SHOWN_FROM) {
    badges.push({ text: `−${formatPercent(reduced)}`, tone: 'neutral', title: 'Reduced by design' });
  }
  if (node.stateful)
    badges.push({ text: 'holds', tone: 'neutral', title: 'Stateful: holds data between batches' });
  return badges.slice(0, 3);
}

function reducedShare(stats: NodeStats | undefined): number | null {
  if (!stats?.reducedPerSec || !stats.inPerSec) return null;
  return stats.reducedPerSec / stats.inPerSec;
}

export function hasFaults(faults: unknown): boolean {
  if (typeof faults !== 'object' || faults === null) return false;
  return Object.values(faults).some(
    (value) => value !== 0 && value !== false && value !== null && value !== '',
  );
}

/** Nothing goes in or out. Unknown is not idle. */
export function isIdleNode(stats: NodeStats | undefined): boolean {
  if (!stats) return false;
  return (stats.inPerSec ?? 0) === 0 && (stats.outPerSec ?? 0) === 0 && stats.inPerSec !== null;
}
