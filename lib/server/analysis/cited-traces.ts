/**
 * Which traces findings lead to: the first of the list that a finding's evidence links to. The store keeps them
 * longer, so that a verdict of the last hour still opens on its batches. One finding is looked at a step, those that
 * were asked for longest ago first: a list over a full store is not free.
 */
import type { Finding } from '@/lib/api/topology';
import { createBoundedMap } from '@/lib/base/bounded-map';
import type { TracePage, TraceQuery } from '@/lib/model/trace-query';

/** Findings whose traces are kept, and traces of each: together what the store takes. */
const MAX_FINDINGS = 50;
const TRACES_EACH = 20;
const TRACE_LIST = '/traces?';

export interface CitedFinding {
  readonly engine: string;
  readonly finding: Finding;
}

export interface CitedTraces {
  /** Looks up one more finding, of the newest; nothing while the last look-up is under way. */
  step(findings: readonly CitedFinding[]): Promise<void>;
}

interface Looked {
  readonly traceIds: readonly string[];
  /** A finding that is over leads to the same traces for ever. */
  readonly settled: boolean;
  readonly turn: number;
}

export function createCitedTraces(store: {
  listTraces(query: TraceQuery): Promise<TracePage>;
  cite(traceIds: readonly string[]): void;
}): CitedTraces {
  const looked = createBoundedMap<string, Looked>(MAX_FINDINGS);
  let turn = 0;
  let busy = false;

  return {
    async step(findings) {
      if (busy) return;
      const due = [...findings]
        .sort((a, b) => (BigInt(a.finding.since) < BigInt(b.finding.since) ? 1 : -1))
        .slice(0, MAX_FINDINGS)
        .map((cited) => ({ ...cited, key: `${cited.engine} ${cited.finding.id}` }))
        .filter(({ key }) => looked.get(key)?.settled !== true)
        .sort((a, b) => (looked.get(a.key)?.turn ?? 0) - (looked.get(b.key)?.turn ?? 0))[0];
      if (!due) return;
      busy = true;
      try {
        const traceIds = new Set(looked.get(due.key)?.traceIds);
        for (const query of queriesOf(due)) {
          for (const { traceId } of (await store.listTraces(query)).traces) {
            traceIds.delete(traceId);
            traceIds.add(traceId);
          }
        }
        const settled = due.finding.until !== undefined;
        looked.set(due.key, { traceIds: [...traceIds].slice(-TRACES_EACH), settled, turn: ++turn });
        store.cite([...looked.entries()].flatMap(([, { traceIds: cited }]) => cited));
      } finally {
        busy = false;
      }
    },
  };
}

function queriesOf({ engine, finding }: CitedFinding): TraceQuery[] {
  return finding.evidence.flatMap(({ link }): TraceQuery[] => {
    if (!link?.startsWith(TRACE_LIST)) return [];
    const told = new URLSearchParams(link.slice(TRACE_LIST.length));
    const from = told.get('from');
    const to = told.get('to');
    return [
      {
        engine,
        node: told.getAll('node'),
        ...(from === null ? {} : { fromUnixNano: BigInt(from) }),
        ...(to === null ? {} : { toUnixNano: BigInt(to) }),
        ...(told.get('status') === 'error' ? { status: 'error' as const } : {}),
        sort: told.get('sort') === '-duration' ? '-duration' : '-start',
        limit: TRACES_EACH,
      },
    ];
  });
}
