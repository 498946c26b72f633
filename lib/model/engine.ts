import type { Brand } from '@/lib/base/brand';

/** Who sent it: one `service.name` and instance, as TELEMETRY's Identity joins them. Stable over restarts. */
export type EngineId = Brand<string, 'EngineId'>;

export function engineId(text: string): EngineId {
  return text as EngineId;
}

/** What telemetry says of its sender; an OpAMP agent says the same of itself. */
export interface ResourceIdentity {
  readonly service: string;
  readonly instance: string;
  readonly version: string;
  readonly host: string;
  readonly pod: string;
  readonly pipeline: string;
}

export type DialectName = 'weir' | 'otap' | 'collector' | 'spans';
