/** What the picker lists: every pipeline of every engine, under its service, those in trouble first. */
import type { EngineInfo } from '@/lib/api/engines';

export interface EngineChoice {
  readonly engine: EngineInfo;
  /** Empty where the engine names none. */
  readonly pipeline: string;
}

export interface EngineGroup {
  readonly service: string;
  readonly choices: readonly EngineChoice[];
}

export function engineChoices(engines: readonly EngineInfo[]): readonly EngineGroup[] {
  const groups = new Map<string, EngineChoice[]>();
  for (const engine of engines) {
    const choices = groups.get(engine.service) ?? [];
    groups.set(engine.service, choices);
    const pipelines = engine.pipelines.length > 0 ? engine.pipelines : [''];
    for (const pipeline of pipelines) choices.push({ engine, pipeline });
  }
  return [...groups].map(([service, choices]) => ({
    service,
    choices: [...choices].sort((a, b) => trouble(b.engine) - trouble(a.engine)),
  }));
}

function trouble(engine: EngineInfo): number {
  if (!engine.connected) return 2;
  return engine.agent?.health?.healthy === false ? 1 : 0;
}
