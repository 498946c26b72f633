import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editJson, mergeEdits } from '@/lib/opamp/json-edit';
import { capacityPatch, cutsItselfOff, levelPatch, nodePatch, runtimeLevels } from './otap-steering';

const CONFIG: unknown = parse(
  readFileSync(new URL('./fixtures/otap-steering.yaml', import.meta.url), 'utf8'),
);

function changed(patch: Readonly<Record<string, unknown>>): unknown {
  const edited = editJson(JSON.stringify(CONFIG), mergeEdits(CONFIG, patch));
  if (!edited.ok) throw new Error(edited.error);
  return JSON.parse(edited.value.text);
}

/** The configuration with one value set, by hand. */
function withValue(path: readonly string[], value: unknown): unknown {
  const copy = structuredClone(CONFIG) as Record<string, unknown>;
  let at: Record<string, unknown> = copy;
  for (const key of path.slice(0, -1)) {
    at[key] ??= {};
    at = at[key] as Record<string, unknown>;
  }
  at[path.at(-1) ?? ''] = value;
  return copy;
}

const MAIN = ['groups', 'default', 'pipelines', 'main'];
const SIDE = ['groups', 'default', 'pipelines', 'side'];

function patchOf(result: ReturnType<typeof nodePatch>) {
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

describe('changes of an OTAP engine', () => {
  it('reads the level of each pipeline, inherited ones too', () => {
    expect(runtimeLevels(CONFIG)).toEqual([
      { pipeline: 'default/main', level: 'detailed' },
      { pipeline: 'default/side', level: 'basic' },
    ]);
    expect(runtimeLevels({ groups: { g: { pipelines: { p: {} } } } })).toEqual([
      { pipeline: 'g/p', level: null },
    ]);
  });

  it('sets the level of one pipeline and nothing else', () => {
    expect(changed(levelPatch(CONFIG, ['default/main'], 'normal'))).toEqual(
      withValue([...MAIN, 'policies', 'telemetry', 'runtime_metrics'], 'normal'),
    );
  });

  it('takes along what a pipeline inherited, as its own policy replaces it whole', () => {
    expect(changed(levelPatch(CONFIG, ['default/side'], 'none'))).toEqual(
      withValue([...SIDE, 'policies'], { telemetry: { runtime_metrics: 'none', tokio_metrics: true } }),
    );
  });

  it('merges into the configuration of one node, and takes away what is null', () => {
    const path = [...MAIN, 'nodes', 'out', 'config'];
    expect(changed(patchOf(nodePatch(CONFIG, 'out@default/main', { client_pool_size: 4 })))).toEqual(
      withValue([...path, 'client_pool_size'], 4),
    );
    expect(changed(patchOf(nodePatch(CONFIG, 'out@default/main', { client_pool_size: null })))).toEqual(
      withValue(path, { endpoint: 'http://127.0.0.1:1', headers: { authorization: 'Bearer of-mine' } }),
    );
    expect(nodePatch(CONFIG, 'weir@system/observability', {}).ok).toBe(false);
  });

  it('sets a capacity for the channels of its pipeline', () => {
    expect(changed(patchOf(capacityPatch(CONFIG, 'pdata:out@default/main', 64)))).toEqual(
      withValue([...MAIN, 'policies', 'channel_capacity', 'pdata'], 64),
    );
    expect(changed(patchOf(capacityPatch(CONFIG, 'control:out@default/main', 7)))).toEqual(
      withValue([...MAIN, 'policies', 'channel_capacity', 'control', 'node'], 7),
    );
    expect(capacityPatch(CONFIG, 'pdata:nobody', 1).ok).toBe(false);
  });
});

describe('what would cut the engine off', () => {
  const opamp = ['engine', 'controller', 'extensions', 'opamp'];
  const own = ['engine', 'observability', 'pipeline'];
  it.each([
    [
      'without its OpAMP extension',
      withValue(['engine', 'controller'], {}),
      /extension opamp would be removed/,
    ],
    [
      'with another server',
      withValue([...opamp, 'config', 'endpoint'], 'ws://elsewhere'),
      /opamp would be changed/,
    ],
    ['with another token', withValue([...opamp, 'config', 'headers'], {}), /opamp would be changed/],
    ['with its own pipeline gone', withValue(own, null), /would be removed/],
    [
      'exporting elsewhere',
      withValue([...own, 'nodes', 'weir', 'config', 'endpoint'], 'x'),
      /exporter weir .*changed/,
    ],
    ['with nothing leading out', withValue([...own, 'connections'], []), /connections .*changed/],
    ['with an empty state', {}, /would be removed/],
  ])('%s', (_what, wanted, why) => {
    expect(cutsItselfOff(CONFIG, wanted)).toMatch(why);
  });

  it('is none of what concerns how often, or other nodes', () => {
    expect(cutsItselfOff(CONFIG, withValue([...opamp, 'config', 'heartbeat_interval'], '9s'))).toBeNull();
    expect(cutsItselfOff(CONFIG, withValue([...own, 'nodes', 'telemetry', 'config'], {}))).toBeNull();
    expect(cutsItselfOff(CONFIG, withValue([...MAIN, 'nodes', 'out', 'config'], {}))).toBeNull();
  });
});
