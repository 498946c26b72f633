/** Engines as small codes, and how many traces each has. Bounded: past the limit all the rest share one code. */
import type { EngineId } from '@/lib/model/engine';

const LIMIT = 4_096;

export interface EngineCodes {
  codeOf(engine: EngineId): number;
  find(engine: string): number;
  id(code: number): EngineId;
  traces: number[];
}

export function createEngineCodes(): EngineCodes {
  const codes = new Map<string, number>();
  const ids: EngineId[] = [];
  const traces: number[] = [];
  return {
    traces,
    codeOf(engine) {
      const known = codes.get(engine);
      if (known !== undefined) return known;
      if (ids.length >= LIMIT) return LIMIT - 1;
      codes.set(engine, ids.length);
      ids.push(engine);
      traces.push(0);
      return ids.length - 1;
    },
    find: (engine) => codes.get(engine) ?? -1,
    id: (code) => ids[code] as EngineId,
  };
}
