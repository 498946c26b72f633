/**
 * What can be changed of an OTAP engine, as merge patches onto the configuration that it reported. Policies stand at the root, in
 * a group and in a pipeline, the nearest wins as a whole: a change goes to the pipeline, with what was inherited beside it.
 */
import { err, ok, type Result } from '@/lib/base/result';
import { asRecord, asText } from './attributes';
import { instanceId } from './instance-id';

export const RUNTIME_LEVELS = ['none', 'basic', 'normal', 'detailed'] as const;
export type RuntimeLevel = (typeof RUNTIME_LEVELS)[number];

export interface PipelineLevel {
  /** `group/pipeline`. */
  readonly pipeline: string;
  /** Null where it is not told, or is none that is known here. */
  readonly level: RuntimeLevel | null;
}

type Config = Readonly<Record<string, unknown>>;

interface Place {
  readonly group: string;
  readonly name: string;
  readonly body: Config;
  /** What holds in the pipeline of a policy. */
  readonly policy: (name: string) => Config;
}

/** How much each pipeline tells of itself. */
export function runtimeLevels(config: unknown): PipelineLevel[] {
  return places(config).map(({ group, name, policy }) => {
    const told = policy('telemetry').runtime_metrics;
    return { pipeline: `${group}/${name}`, level: RUNTIME_LEVELS.find((level) => level === told) ?? null };
  });
}

/** The patch that sets the level of these pipelines. */
export function levelPatch(config: unknown, pipelines: readonly string[], level: RuntimeLevel): Config {
  const wanted = places(config).filter(({ group, name }) => pipelines.includes(`${group}/${name}`));
  return patchOf(
    wanted.map((place) => ({
      place,
      body: { policies: { telemetry: { ...missingHere(place, 'telemetry'), runtime_metrics: level } } },
    })),
  );
}

/** The patch that makes `change`, a merge patch itself, onto the configuration of one node. */
export function nodePatch(config: unknown, node: string, change: Config): Result<Config, string> {
  for (const place of places(config)) {
    for (const component of Object.keys(asRecord(place.body.nodes))) {
      if (instanceId(component, `${place.group}/${place.name}`) !== node) continue;
      return ok(patchOf([{ place, body: { nodes: { [component]: { config: change } } } }]));
    }
  }
  return err(`${node} stands in no pipeline of the configuration that can be changed from here`);
}

/** The patch that sets the capacity of a channel, which this engine has for all channels of a pipeline at once. */
export function capacityPatch(config: unknown, channel: string, capacity: number): Result<Config, string> {
  const kind = channel.startsWith('control:') ? 'control' : 'pdata';
  const node = channel.slice(channel.indexOf(':') + 1);
  for (const place of places(config)) {
    const ids = Object.keys(asRecord(place.body.nodes)).map((name) =>
      instanceId(name, `${place.group}/${place.name}`),
    );
    if (!ids.includes(node)) continue;
    const inherited = missingHere(place, 'channel_capacity');
    const set =
      kind === 'pdata'
        ? { pdata: capacity }
        : { control: { ...asRecord(inherited.control), node: capacity } };
    return ok(patchOf([{ place, body: { policies: { channel_capacity: { ...inherited, ...set } } } }]));
  }
  return err(`${channel} is no channel of a pipeline that can be changed from here`);
}

/**
 * Why a change would cut the engine off from here, in words; null where it would not. Its OpAMP extension, and the pipeline that its
 * own telemetry leaves by, have to stay as they are in all that leads here.
 */
export function cutsItselfOff(before: unknown, after: unknown): string | null {
  const [was, is] = [connectionsOf(before), connectionsOf(after)];
  for (const [name, value] of was) {
    const now = is.get(name);
    if (now === undefined) return `${name} would be removed`;
    if (now !== value) return `${name} would be changed`;
  }
  return null;
}

/** What leads here, as text to compare, by the words that name it. */
function connectionsOf(config: unknown): Map<string, string> {
  const found = new Map<string, string>();
  const engine = asRecord(asRecord(config).engine);
  const extensions = asRecord(asRecord(engine.controller).extensions);
  for (const [name, body] of Object.entries(extensions)) {
    const { type, config: own } = asRecord(body);
    if (!asText(type).includes('opamp')) continue;
    // How often it reports is its own matter; where, as whom and with what credentials is not.
    const { heartbeat_interval: _interval, ...connection } = asRecord(own);
    found.set(`the OpAMP extension ${name}`, stable({ type, connection }));
  }
  const own = asRecord(asRecord(engine.observability).pipeline);
  for (const [name, body] of Object.entries(asRecord(own.nodes))) {
    const { type, config: settings } = asRecord(body);
    const isExporter = asText(type).includes('exporter');
    const what = `${isExporter ? 'the exporter' : 'the node'} ${name} of the pipeline of its own telemetry`;
    found.set(what, stable(isExporter ? { type, settings } : { type }));
  }
  if (own.connections !== undefined)
    found.set('the connections of the pipeline of its own telemetry', stable(own.connections));
  return found;
}

/** Equal content as equal text, whatever the order of the keys. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function places(config: unknown): Place[] {
  const root = asRecord(config);
  return Object.entries(asRecord(root.groups)).flatMap(([group, groupValue]) => {
    const groupBody = asRecord(groupValue);
    return Object.entries(asRecord(groupBody.pipelines)).map(([name, value]): Place => {
      const body = asRecord(value);
      const levels = [body, groupBody, root].map((level) => asRecord(level.policies));
      const policy = (key: string) => asRecord(levels.find((policies) => key in policies)?.[key]);
      return { group, name, body, policy };
    });
  });
}

/** What the pipeline inherits of a policy that it does not have itself: a policy of its own would replace it as a whole. */
function missingHere(place: Place, policy: string): Config {
  return policy in asRecord(place.body.policies) ? {} : place.policy(policy);
}

function patchOf(parts: readonly { readonly place: Place; readonly body: Config }[]): Config {
  const groups: Record<string, { pipelines: Record<string, Config> }> = Object.create(null);
  for (const { place, body } of parts) {
    const group = groups[place.group] ?? { pipelines: Object.create(null) };
    groups[place.group] = group;
    group.pipelines[place.name] = body;
  }
  return { groups };
}
