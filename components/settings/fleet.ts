/** Engines as a list for people: by service, then by the configuration that they run, the worst first everywhere. */
import type { Tone } from '@/components/ui/badge';
import type { ComponentHealth, EngineInfo } from '@/lib/api/engines';

export interface ConfigGroup {
  /** Null where it is not told. */
  readonly hash: string | null;
  readonly engines: readonly EngineInfo[];
}

export interface ServiceGroup {
  readonly service: string;
  readonly count: number;
  readonly inTrouble: number;
  readonly configs: readonly ConfigGroup[];
}

export interface EngineState {
  /** Higher is worse. */
  readonly rank: number;
  readonly tone: Tone | 'off';
  readonly label: string;
}

/** What is wrong with an engine, the worst of it, in words. */
export function stateOf(engine: EngineInfo): EngineState {
  const { agent, remoteConfig } = engine;
  if (!engine.connected) return { rank: 5, tone: 'bad', label: 'disconnected' };
  if (agent?.conflict) return { rank: 4, tone: 'bad', label: 'its identity is claimed twice' };
  if (remoteConfig?.status === 'failed') return { rank: 3, tone: 'bad', label: 'refused its last change' };
  if (agent?.health && !agent.health.healthy) {
    const sick = sickest(agent.health.components);
    const why = agent.health.lastError || sick?.lastError || agent.health.status;
    return { rank: 2, tone: 'warn', label: `unhealthy${why ? `: ${why}` : ''}` };
  }
  if (agent?.problem) return { rank: 1, tone: 'warn', label: 'sent what could not be taken' };
  if (engine.mayBe.length > 0) return { rank: 1, tone: 'warn', label: 'whose agent it is, is not known' };
  return { rank: 0, tone: 'ok', label: agent?.health ? 'healthy' : 'reporting' };
}

/** The first unhealthy component that has none below it. */
function sickest(components: readonly ComponentHealth[]): ComponentHealth | null {
  for (const component of components) {
    if (component.healthy) continue;
    return sickest(component.components) ?? component;
  }
  return null;
}

export function fleetOf(engines: readonly EngineInfo[]): readonly ServiceGroup[] {
  const services = groupBy(engines, ({ service }) => service);
  return [...services]
    .map(([service, members]) => ({
      service,
      count: members.length,
      inTrouble: members.filter((member) => stateOf(member).rank > 0).length,
      configs: configsOf(members),
    }))
    .sort((a, b) => worst(b) - worst(a));
}

function configsOf(members: readonly EngineInfo[]): ConfigGroup[] {
  return [...groupBy(members, ({ configHash }) => configHash)]
    .map(([hash, engines]) => ({
      hash,
      engines: [...engines].sort((a, b) => stateOf(b).rank - stateOf(a).rank),
    }))
    .sort((a, b) => rankOf(b) - rankOf(a) || b.engines.length - a.engines.length);
}

function worst(group: ServiceGroup): number {
  return Math.max(...group.configs.map(rankOf));
}

function rankOf({ engines }: ConfigGroup): number {
  const [first] = engines;
  return first ? stateOf(first).rank : 0;
}

/** In the order in which they come. */
function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(item);
  }
  return groups;
}
