/** What is kept of one engine's telemetry beside its spans and series: dialect, map, trail, decisions. */
import { createDialectState, type DialectState } from '@/lib/dialects/dialect';
import type { DialectName, EngineId } from '@/lib/model/engine';
import { createTopologyModel, type TopologyModel } from '@/lib/topology/topology-model';

export interface EngineTelemetry {
  readonly id: EngineId;
  dialect: DialectName;
  readonly dialectState: DialectState;
  readonly topology: TopologyModel;
  /** The incarnation that all of this is of. */
  incarnation: number;
}

export function createEngineTelemetry(id: EngineId): EngineTelemetry {
  return {
    id,
    dialect: 'spans',
    dialectState: createDialectState(),
    topology: createTopologyModel(),
    incarnation: 1,
  };
}
