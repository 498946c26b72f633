/** Acts that were ordered and have not been reported on: each ends with the engine's outcome or at its deadline. */
import type { ControlActionRow, ControlRequest } from '@/lib/api/control';
import { createBoundedMap } from '@/lib/base/bounded-map';
import type { EngineId } from '@/lib/model/engine';
import type { TargetBefore } from './desired-changes';

/** Acts remembered after their end, for the trail and for undo. */
const MAX_ACTS = 2_000;
export const DEFAULT_ACT_DEADLINE_MS = 30_000;
/** What the engine needs beyond its own deadline to tell. */
export const REPORT_GRACE_MS = 5_000;

export interface IssuedAct {
  readonly id: string;
  readonly engine: EngineId;
  readonly request: ControlRequest;
  readonly issuedAtUnixNano: bigint;
  readonly issuedMs: number;
  readonly deadlineMs: number;
  readonly revision: number;
  readonly summary: string;
  readonly before: TargetBefore;
  outcome: ControlActionRow['outcome'];
  message: string;
}

export interface ActLedger {
  add(act: IssuedAct): void;
  get(id: string): IssuedAct | undefined;
  /** Newest last. */
  all(): IterableIterator<IssuedAct>;
  /** Those of an engine without an outcome. */
  pending(engine: EngineId): readonly IssuedAct[];
  /** Ends acts whose deadline has passed; gives those ended. */
  expire(nowMs: number): readonly IssuedAct[];
}

export function createActLedger(): ActLedger {
  const acts = createBoundedMap<string, IssuedAct>(MAX_ACTS);
  const open = new Set<IssuedAct>();
  const settle = () => {
    for (const act of open) if (act.outcome !== 'pending') open.delete(act);
  };
  return {
    add(act) {
      acts.set(act.id, act);
      open.add(act);
    },
    get: (id) => acts.get(id),
    *all() {
      for (const [, act] of acts.entries()) yield act;
    },
    pending(engine) {
      settle();
      return [...open].filter((act) => act.engine === engine);
    },
    expire(nowMs) {
      settle();
      const late = [...open].filter((act) => nowMs - act.issuedMs > act.deadlineMs + REPORT_GRACE_MS);
      for (const act of late) {
        act.outcome = 'failed';
        act.message = `no outcome was reported within ${act.deadlineMs} ms`;
        open.delete(act);
      }
      return late;
    },
  };
}
