/**
 * Incidents that can be played on the demo pipeline, to learn from and to test with. Pure data: each is a change of the
 * desired state, laid over what it is and taken back again; node ids are those of `engine/main/demo.yaml`.
 */
import type { OperatorAction } from '@/lib/semconv/control';
import type { DesiredNode, DesiredState } from './remote-config';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** What the map, the traces and the verdict should show. */
  readonly expect: string;
  /** What brings it to an end. */
  readonly ends: string;
  readonly nodes: Readonly<Record<string, DesiredNode>>;
  readonly channels: Readonly<Record<string, { readonly capacity?: number }>>;
  /** Acts that go with it, once. */
  readonly acts: readonly {
    readonly target: string;
    readonly action: OperatorAction;
    readonly deadlineMs?: number;
  }[];
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'slow-exporter',
    title: 'Slow exporter',
    description: 'The destination of exp-slow answers in 300 ms instead of about 85.',
    expect:
      'copy → exp-slow fills, then everything behind it: copy, batch, by-signal and both receivers are blocked.',
    ends: 'The delay is taken back; the queue runs out within seconds.',
    nodes: { 'exp-slow': { config: { delayMs: 300, jitterMs: 30 } } },
    channels: {},
    acts: [],
  },
  {
    name: 'failing-destination',
    title: 'Failing destination',
    description: 'exp-main is refused six times in ten, and may try again.',
    expect: 'Errors at exp-main, repetitions at retry, and a share of batches returned for good.',
    ends: 'The destination recovers.',
    nodes: { 'exp-main': { faults: { errorRate: 0.6, errorMessage: '503: destination unavailable' } } },
    channels: {},
    acts: [],
  },
  {
    name: 'error-burst',
    title: 'Error burst in a processor',
    description: 'enrich fails on a fifth of its batches, for good.',
    expect: 'The errors start at enrich; by-signal and the receivers only pass them on.',
    ends: 'The fault is taken back.',
    nodes: {
      enrich: { faults: { errorRate: 0.2, errorMessage: 'lookup table is corrupt', permanent: true } },
    },
    channels: {},
    acts: [],
  },
  {
    name: 'silent-drop',
    title: 'Silent filter drop',
    description: 'drop-debug loses half of its batches without a word.',
    expect: 'Less comes out of drop-debug, nothing fails, and the loss is counted at that node.',
    ends: 'The fault is taken back.',
    nodes: { 'drop-debug': { faults: { dropRate: 0.5 } } },
    channels: {},
    acts: [],
  },
  {
    name: 'misrouting',
    title: 'Misrouted signal',
    description: 'by-signal sends traces out of its metrics port.',
    expect: 'The traces port goes quiet, and enrich handles spans that do not belong there.',
    ends: 'The route is taken back.',
    nodes: { 'by-signal': { config: { routes: { traces: 'metrics' } } } },
    channels: {},
    acts: [],
  },
  {
    name: 'stuck-batch',
    title: 'Stuck batch',
    description: 'batch waits for 20,000 items or 15 s instead of 50 or 400 ms.',
    expect: 'Spans are held for seconds: stateful delay, neither waiting nor working.',
    ends: 'The sizes are taken back; what is held leaves with the next flush.',
    nodes: { batch: { config: { send_batch_size: 20_000, send_batch_max_size: 0, timeout_ms: 15_000 } } },
    channels: {},
    acts: [],
  },
  {
    name: 'undersized-channel',
    title: 'Undersized channel',
    description:
      'The channel into exp-slow has 2 places, and what came evenly comes in bursts: as much, but more at once.',
    expect: 'copy is blocked in each burst, although exp-slow has time to spare between them.',
    ends: 'Capacity and traffic are taken back.',
    nodes: {
      traffic: { config: { shape: 'bursty', period_ms: 2_000, burst_factor: 3, burst_share: 0.25 } },
    },
    channels: { 'pdata:exp-slow': { capacity: 2 } },
    acts: [],
  },
  {
    name: 'noisy-neighbour',
    title: 'Noisy neighbour on a shared channel',
    description:
      'Events come in twelve times as often; exp-logs takes them through the channel that copy uses too.',
    expect:
      'The channel into exp-logs fills from enrich, and copy has to wait although its own load is the same.',
    ends: 'The mix is taken back.',
    nodes: {
      traffic: { config: { rate: 192, mix: { logs: 30, metrics: 15, traces: 35, events: 240 } } },
    },
    channels: {},
    acts: [],
  },
  {
    name: 'bad-config',
    title: 'Bad config pushed',
    description: 'exp-main is given an endpoint where nobody listens.',
    expect: 'Everything at exp-main fails with the reason, right after the config_update.',
    ends: 'The endpoint is taken back.',
    nodes: { 'exp-main': { config: { endpoint: 'http://127.0.0.1:9' } } },
    channels: {},
    acts: [],
  },
  {
    name: 'drain-under-load',
    title: 'Drain under load',
    description: 'exp-slow is drained while batches keep coming.',
    expect: 'What is in its channel is delivered, nothing is lost, and copy waits until it runs again.',
    ends: 'exp-slow is set running again.',
    nodes: { 'exp-slow': { state: 'drained' } },
    channels: {},
    acts: [{ target: 'exp-slow', action: 'drain', deadlineMs: 10_000 }],
  },
];

export function findScenario(name: string): Scenario | undefined {
  return SCENARIOS.find((scenario) => scenario.name === name);
}

/** The desired state with the scenario's changes laid over it. Revision and acts are the caller's. */
export function withScenario(state: DesiredState, scenario: Scenario): DesiredState {
  const nodes = { ...state.nodes };
  for (const [id, change] of Object.entries(scenario.nodes)) {
    const before = nodes[id];
    const config = change.config ? { config: { ...before?.config, ...change.config } } : {};
    nodes[id] = { ...before, ...change, ...config };
  }
  const channels = { ...state.channels };
  for (const [id, change] of Object.entries(scenario.channels)) channels[id] = { ...channels[id], ...change };
  return { ...state, nodes, channels };
}

/**
 * The desired state without them: what the scenario set goes back to what `before` had, or to the pipeline file's where
 * that said nothing; what was changed meanwhile beside it stays.
 */
export function withoutScenario(state: DesiredState, scenario: Scenario, before: DesiredState): DesiredState {
  const nodes = { ...state.nodes };
  for (const [id, change] of Object.entries(scenario.nodes)) {
    const keys = Object.keys(change).filter((key) => key !== 'config');
    const plain: DesiredNode = restoreKeys(nodes[id] ?? {}, keys, before.nodes[id] ?? {});
    const config = restoreKeys(
      nodes[id]?.config ?? {},
      Object.keys(change.config ?? {}),
      before.nodes[id]?.config ?? {},
    );
    const { config: _old, ...rest } = plain;
    const node: DesiredNode = Object.keys(config).length > 0 ? { ...rest, config } : rest;
    if (Object.keys(node).length > 0) nodes[id] = node;
    else delete nodes[id];
  }
  const channels = { ...state.channels };
  for (const id of Object.keys(scenario.channels)) {
    const capacity = before.channels[id]?.capacity;
    if (capacity === undefined) delete channels[id];
    else channels[id] = { capacity };
  }
  return { ...state, nodes, channels };
}

function restoreKeys(
  target: object,
  keys: readonly string[],
  source: object,
): Readonly<Record<string, unknown>> {
  const restored = Object.entries(target).filter(([key]) => !keys.includes(key));
  return Object.fromEntries([...restored, ...Object.entries(source).filter(([key]) => keys.includes(key))]);
}
