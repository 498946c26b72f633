/** The desired state of one engine as it is offered: bytes and hash, and what the engine made of it. Pure. */
import { hexFromBytes } from '@/lib/base/bytes';
import { type DesiredState, desiredStateSchema, INITIAL_DESIRED_STATE } from '@/lib/opamp/remote-config';
import { configHash } from '@/lib/opamp/remote-config-message';

export type RemoteStatus = 'pending' | 'applying' | 'applied' | 'failed';

export interface DesiredRecord {
  readonly state: DesiredState;
  readonly bytes: Uint8Array;
  /** SHA-256 of `bytes`, hex. */
  readonly hash: string;
  readonly status: RemoteStatus;
  readonly error: string;
  /** The last state that the engine applied: what a change after a failed one starts from. */
  readonly applied: DesiredState;
  /** What was applied before that: an engine may find only while it applies a state that a node refuses it. */
  readonly appliedBefore: DesiredState;
  /** False while nothing was ever wished here: the engine runs on its own defaults and is sent nothing. */
  readonly offered: boolean;
}

/** What an agent says of its remote configuration. */
export interface AgentRemoteReport {
  /** The `weir.json` of its effective configuration, where it has one. */
  readonly effective: Uint8Array | null;
  /** Hash of the last configuration that it received, hex; empty where it has none. */
  readonly lastHash: string;
  readonly status: 'unset' | 'applied' | 'applying' | 'failed';
  readonly error: string;
}

export function initialRecord(): DesiredRecord {
  return { ...recordOf(INITIAL_DESIRED_STATE), status: 'applied', offered: false };
}

/** A wish: it is offered until the engine has reported on it. */
export function wish(record: DesiredRecord, state: DesiredState): DesiredRecord {
  const { applied, appliedBefore } = record;
  return { ...recordOf(state), applied, appliedBefore, status: 'pending', offered: true };
}

/** The state from which the next change starts: a failed one changed nothing, but its revision is used up. */
export function baseOf(record: DesiredRecord): DesiredState {
  if (record.status !== 'failed') return record.state;
  return { ...record.applied, revision: record.state.revision, actions: [] };
}

/**
 * A report of the agent. What it runs is adopted where this server knows less (it was restarted, or the engine was
 * steered elsewhere), so that a server's restart never resets an engine.
 */
export function afterReport(record: DesiredRecord, report: AgentRemoteReport): DesiredRecord {
  const reported = report.effective ? parseDesiredState(report.effective) : null;
  if (reported && (reported.revision > record.state.revision || !isTold(record))) return adopt(reported);
  if (!record.offered) {
    // Adopted before. An engine that runs something older was restarted, and is told again.
    const runsIt = !isTold(record) || reported?.revision === record.state.revision;
    return runsIt ? record : { ...record, status: 'pending', offered: true };
  }
  if (report.lastHash !== record.hash) return { ...record, status: 'pending', error: '' };
  if (report.status === 'applied') {
    const appliedBefore = isApplied(record) ? record.appliedBefore : record.applied;
    return { ...record, status: 'applied', error: '', applied: record.state, appliedBefore };
  }
  if (report.status === 'failed') {
    const applied = isApplied(record) ? record.appliedBefore : record.applied;
    return { ...record, status: 'failed', error: report.error || 'refused', applied };
  }
  return report.status === 'applying' ? { ...record, status: 'applying', error: '' } : record;
}

/** Objects differ once acts are done and dropped; revisions do not. */
function isApplied({ state, applied }: DesiredRecord): boolean {
  return applied.revision === state.revision;
}

/** True where something was ever wished of the engine, here or by an earlier server that it told of. */
export function isTold(record: DesiredRecord): boolean {
  return record.offered || record.state.revision > 0;
}

/** Acts that it has taken already are not carried on: their outcomes come as telemetry. */
function adopt(state: DesiredState): DesiredRecord {
  const settled = { ...state, actions: [] };
  return {
    ...recordOf(settled),
    status: 'applied',
    applied: settled,
    appliedBefore: settled,
    offered: false,
  };
}

function recordOf(state: DesiredState): DesiredRecord {
  const bytes = Buffer.from(JSON.stringify(state));
  const hash = hexFromBytes(configHash(bytes));
  return {
    state,
    bytes,
    hash,
    status: 'pending',
    error: '',
    applied: state,
    appliedBefore: state,
    offered: true,
  };
}

function parseDesiredState(bytes: Uint8Array): DesiredState | null {
  try {
    const parsed = desiredStateSchema.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON, so no desired state of ours: the agent has a file of that name for itself.
    return null;
  }
}
