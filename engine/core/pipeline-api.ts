/** What the engine's other parts hold of a pipeline: its life, its acts, and what telemetry reads. */
import type { Clock } from '@/lib/base/clock';
import type { Random } from '@/lib/base/random';
import type { Result } from '@/lib/base/result';
import type { ControlOrigin, ControlOutcome, OperatorAction } from '@/lib/semconv/control';
import type { NodeChange } from './control';
import type { Counters } from './counters';
import type { NodeType } from './node';
import type { PipelineConfig } from './pipeline-config';
import type { Scheduler } from './scheduler';
import type { EngineTelemetry, PipelineLayout, TopologyBody } from './telemetry';

/** Something wrong with a pipeline file or a change: where, and why. */
export interface ConfigProblem {
  /** The pipeline file, or what else the text came from (`weir.json`). */
  readonly file: string;
  /** 1-based; null where the problem has no line. */
  readonly line: number | null;
  /** `nodes.batch.config.maxItems` */
  readonly path: string;
  readonly reason: string;
}

export function formatProblem(problem: ConfigProblem): string {
  const where = problem.line === null ? problem.file : `${problem.file}:${problem.line}`;
  return problem.path === '' ? `${where}: ${problem.reason}` : `${where}: ${problem.path}: ${problem.reason}`;
}

export interface PipelineOptions {
  readonly config: PipelineConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: EngineTelemetry;
  readonly scheduler: Scheduler;
  readonly log: (level: 'info' | 'warn' | 'error', message: string) => void;
}

/** Node types by URN; `createNodeTypes` makes it and refuses two of the same URN. */
export type NodeTypes = ReadonlyMap<string, NodeType>;

export type NodeState = 'running' | 'draining' | 'drained' | 'stopped';

/** An act on a node, a channel (`pdata:<node>`, capacity only) or the `pipeline` (no config_update). */
export interface Act {
  readonly id: string;
  readonly origin: ControlOrigin;
  readonly revision: number;
  readonly target: string;
  readonly action: OperatorAction;
  /** Of a drain, shutdown or restart; 30 s where it is absent. */
  readonly deadlineMs?: number;
  /** Of a `config_update`. `config` is the whole configuration of the node, `capacity` is for channels. */
  readonly change?: NodeChange & { readonly capacity?: number };
}

export interface ActResult {
  readonly outcome: ControlOutcome;
  readonly message: string;
}

/**
 * The whole desired state. What a target does not name is as the pipeline file has it; `config` is laid over the
 * file's, key by key at the top level.
 */
export interface DesiredPipeline {
  readonly revision: number;
  readonly origin: ControlOrigin;
  readonly nodes: Readonly<
    Record<string, NodeChange & { readonly state?: 'running' | 'drained' | 'stopped' | undefined }>
  >;
  readonly channels: Readonly<Record<string, { readonly capacity?: number | undefined }>>;
  /** Acts of this revision; one whose id was seen is not done again. */
  readonly acts: readonly {
    readonly id: string;
    readonly target: string;
    readonly action: OperatorAction;
    readonly deadlineMs?: number | undefined;
  }[];
}

export interface AppliedChange {
  /** How many targets were changed or acted on. */
  readonly acts: number;
  /** Settles when each has reported its outcome. */
  readonly done: Promise<readonly ActResult[]>;
  /** Why a node did not take its new configuration after all, though it had passed the check; null where each did. */
  readonly refused: Promise<string | null>;
}

export interface PipelineTotals {
  readonly admitted: number;
  readonly created: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly returned: number;
  readonly inFlight: number;
  readonly inChannels: number;
}

export interface Pipeline {
  readonly id: string;
  readonly state: NodeState;
  /** Increases at each change of topology, configuration, capacity or state. */
  readonly revision: number;
  readonly layout: PipelineLayout;
  readonly counters: Counters;
  topologyBody(): TopologyBody;
  /** Exporters first, receivers last. A receiver that cannot start fails the whole, and what had started is stopped. */
  start(): Promise<Result<void, ConfigProblem[]>>;
  /** Checks all of it, then changes what differs, under the act's id or `rev-<revision>/<target>`. */
  apply(desired: DesiredPipeline): Result<AppliedChange, ConfigProblem[]>;
  /** Done once per id however often it is asked for; later asks get the same answer. Never rejects. */
  act(act: Act): Promise<ActResult>;
  /** Stop ingress, let everything run out, or lose and count what is left at the deadline. Origin `engine`. */
  drain(deadlineMs?: number): Promise<ActResult>;
  /** Drains, then stops every node. */
  shutdown(reason: string, deadlineMs?: number): Promise<ActResult>;
  /** For the whole: admitted + created = delivered + dropped + returned + inFlight + inChannels, in items. */
  totals(): PipelineTotals;
}
