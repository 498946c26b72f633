/** The audit trail as people see it: what engines reported, and what was ordered here and is not reported yet. */
import type { ControlActionRow, ControlActionsAnswer } from '@/lib/api/control';
import type { EngineId } from '@/lib/model/engine';
import type { ControlFact } from '@/lib/model/facts';
import type { AnalysisPort } from '../ports';
import type { IssuedAct } from './pending-acts';
import type { Steering } from './steering';

export interface TrailAsk {
  readonly engine: EngineId | null;
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
  readonly limit: number;
}

/** Newest first. A reported action keeps its own outcome and gains what only the order knows. */
export function mergedTrail(
  sources: { readonly analysis: AnalysisPort; readonly steering: Steering },
  ask: TrailAsk,
): ControlActionsAnswer {
  const reported = sources.analysis.controlActions(ask);
  const seen = new Set<string>();
  const rows = reported.actions.map((row) => {
    const act = sources.steering.acts.get(row.id);
    if (!act) return row;
    seen.add(row.id);
    return { ...row, summary: act.summary, undoable: isUndoable(sources.steering, act, row.outcome) };
  });
  const inRange = (act: IssuedAct) =>
    (ask.engine === null || act.engine === ask.engine) &&
    act.issuedAtUnixNano >= ask.fromUnixNano &&
    act.issuedAtUnixNano <= ask.toUnixNano;
  const unreported = [...sources.steering.acts.all()].filter((act) => !seen.has(act.id) && inRange(act));
  const all = [...rows, ...unreported.map((act) => rowOf(act, sources.steering))].sort(newestFirst);
  return {
    actions: all.slice(0, ask.limit),
    total: reported.total + unreported.length,
    truncated: reported.truncated || all.length > ask.limit,
    folded: reported.folded,
  };
}

function rowOf(act: IssuedAct, steering: Steering): ControlActionRow {
  return {
    id: act.id,
    engine: act.engine,
    timeUnixNano: String(act.issuedAtUnixNano),
    action: act.request.action,
    target: act.request.target,
    origin: 'operator',
    revision: act.revision,
    outcome: act.outcome,
    message: act.message,
    tookMs: null,
    affected: null,
    traceId: null,
    spanId: null,
    summary: act.summary,
    undoable: isUndoable(steering, act, act.outcome),
    after: null,
  };
}

function isUndoable(steering: Steering, act: IssuedAct, outcome: ControlActionRow['outcome']): boolean {
  if (steering.state.canUndo(act.id)) return outcome !== 'pending';
  return outcome !== 'failed' && outcome !== 'pending' && act.request.action !== 'restart';
}

function newestFirst(a: ControlActionRow, b: ControlActionRow): number {
  const [left, right] = [BigInt(a.timeUnixNano), BigInt(b.timeUnixNano)];
  return left < right ? 1 : left > right ? -1 : 0;
}

/** A change of a whole configuration as the engine's own report would tell it, so that what changed after it is judged. */
export function settledFact(act: IssuedAct, nowMs: number): ControlFact {
  return {
    kind: 'control',
    timeNano: act.issuedAtUnixNano,
    id: act.id,
    action: act.request.action,
    target: act.request.target,
    origin: 'operator',
    revision: act.revision,
    outcome: act.outcome,
    message: act.message,
    durationMs: Math.round(nowMs - act.issuedMs),
    affectedCount: null,
    traceId: '',
    spanId: '',
  };
}
