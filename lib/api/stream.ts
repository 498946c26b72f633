/**
 * `GET /api/v1/stream`: server-sent events, coalesced: at most 10 a second of each kind, newest wins. `id` is a
 * sequence number of the process; `Last-Event-ID` resumes. Query: `engine`, `pipeline`, `window`, `traces`.
 */

import type { TraceSummary } from '@/lib/model/trace-query';
import type { ControlActionRow } from './control';
import type { EngineInfo } from './engines';
import type { HealthAnswer } from './health';
import type { TracingSettingsAnswer } from './settings';
import type { ControlChannel, EdgeStats, Finding, NodeStats, TopologyAnswer } from './topology';

export type StreamEvent =
  /** The map itself: on connection and when it changes. */
  | { readonly type: 'topology'; readonly data: TopologyAnswer }
  /** What moved on the map since the last one; the first after connecting has everything. */
  | { readonly type: 'stats'; readonly data: StatsUpdate }
  /** Newest traces, as many an event as was asked for (at most 200, which is the default), with how many more came. */
  | {
      readonly type: 'traces';
      readonly data: {
        readonly traces: readonly TraceSummary[];
        readonly more: number;
        readonly total: number;
      };
    }
  /** Actions that are new or have a new outcome. */
  | { readonly type: 'control'; readonly data: { readonly actions: readonly ControlActionRow[] } }
  /** Engines and their settings. */
  | {
      readonly type: 'settings';
      readonly data: {
        readonly engines: readonly EngineInfo[];
        readonly tracing: readonly TracingSettingsAnswer[];
      };
    }
  | { readonly type: 'health'; readonly data: HealthAnswer };

export interface StatsUpdate {
  readonly engine: string;
  readonly pipeline: string | null;
  readonly revision: number;
  readonly atUnixNano: string;
  /** Figures to four digits: nobody reads more off a map. */
  readonly nodes: Readonly<Record<string, MovingNodeStats>>;
  readonly edges: Readonly<Record<string, MovingEdgeStats>>;
  /** Sparklines of nodes, which move once a second. */
  readonly sparks: Readonly<Record<string, NodeStats['spark']>>;
  /** Control channels by node. */
  readonly control: Readonly<Record<string, ControlChannel>>;
  readonly verdict: Finding | null;
  readonly findings: readonly Finding[];
}

export type MovingNodeStats = Omit<NodeStats, 'spark'>;
export type MovingEdgeStats = Omit<EdgeStats, 'spark'>;

export interface ApiError {
  readonly error: { readonly code: string; readonly message: string };
}
