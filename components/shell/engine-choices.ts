/** What the picker lists: every pipeline of every engine, under its service, those in trouble first. */
import type { EngineInfo } from '@/lib/api/engines';

export interface EngineChoice {
  readonly engine: EngineInfo;
  /** Empty where the engine names none. */
  readonly pipeline: string;
}

export interface EngineGroup {
  readonly service: string;
  /** The worst ones, at most `SHOWN`. */
  readonly choices: readonly EngineChoice[];
  /** How many more there are. */
  readonly more: number;
}

/** Of each service; the rest is in the list of all engines. */
const SHOWN = 12;

export function engineChoices(engines: readonly EngineInfo[]): readonly EngineGroup[] {
  const groups = new Map<string, EngineChoice[]>();
  for (const engine of engines) {
    const choices = groups.get(engine.service) ?? [];
    groups.set(engine.service, choices);
    const pipelines = engine.pipelines.length > 0 ? engine.pipelines : [''];
    for (const pipeline of pipelines) choices.push({ engine, pipeline });
  }
  return [...groups].map(([service, choices]) => {
    const worstFirst = [...choices].sort((a, b) => trouble(b.engine) - trouble(a.engine));
    return {
      service,
      choices: worstFirst.slice(0, SHOWN),
      more: Math.max(0, choices.length - SHOWN),
    };
  });
}

function trouble(engine: EngineInfo): number {
  if (!engine.connected) return 3;
  if (engine.agent?.conflict || engine.remoteConfig?.status === 'failed') return 2;
  return engine.agent?.health?.healthy === false ? 1 : 0;
}
