/**
 * What can be said without any incident: of the machine (a core without rest, memory at its limit, restart upon
 * restart), of the configuration (what is unused, a limiter that comes too late, a queue switched off), and of what
 * followed an operator's action. Engine-wide findings stand at the node that they concern most.
 */
import { amountOf, gaugeAt, splitsOf } from '@/lib/store/series/query';
import type { Span } from '@/lib/store/series/resolution';
import type { SeriesReader } from '@/lib/store/series/series-store';
import type { MapNode } from '@/lib/topology/compose';
import type { TopologyVersion } from '@/lib/topology/topology-model';
import { type Candidate, nodeEvidence, percent } from './candidate';
import type { PipelineView } from './view';

const CPU_SECONDS = 10;
const SATURATED = 0.95;
const NEAR_LIMIT = 0.9;
const MEBIBYTE = 1 << 20;
const LOOP_RESTARTS = 3;
const LOOP_SECONDS = 300;
/** How long what followed an action stays said, once it could be judged. */
const CHANGE_SAID_SECONDS = 60;
const ENGINE = { kind: 'engine' } as const;

/** An action of which it could be told what was different after it. */
export interface ChangeSeen {
  readonly action: string;
  readonly target: string;
  /** Unix seconds at which it could be judged. */
  readonly at: number;
  readonly texts: readonly string[];
}

export function machineFindings(
  reader: SeriesReader,
  view: PipelineView,
  version: TopologyVersion,
  restarts: readonly bigint[],
): Candidate[] {
  return [
    ...saturatedCores(reader, view),
    ...memoryNearLimit(reader, version, view.at),
    ...restartLoop(version, restarts, view.at),
  ];
}

function saturatedCores(reader: SeriesReader, view: PipelineView): Candidate[] {
  const span: Span = { from: view.at - CPU_SECONDS, to: view.at };
  const covered = reader.covered('process', span);
  if (covered < CPU_SECONDS / 2) return [];
  const cores = splitsOf(reader, ENGINE, 'cpu', 'core');
  return cores.flatMap((core): Candidate[] => {
    // A process of many threads may use more than one core: only of one core's work is its fill known.
    if (core === '' && !reader.tellsOfAll('busy')) return [];
    const seconds =
      amountOf(reader, ENGINE, 'cpu', span, (attributes) => (attributes.core ?? '') === core) ?? 0;
    const share = seconds / covered;
    const busiest = [...view.nodes.values()].sort((a, b) => (b.now.busy ?? 0) - (a.now.busy ?? 0))[0];
    if (share < SATURATED || !busiest) return [];
    const name = core === '' ? 'The core of the engine' : `Core ${core}`;
    return [
      {
        kind: 'core_saturated',
        place: { kind: 'node', node: busiest.id },
        weight: share,
        title: `${name} has no time left`,
        evidence: [
          nodeEvidence(
            busiest.id,
            `${percent(Math.min(1, share))} of ${name.toLowerCase()} in use for ${CPU_SECONDS} s`,
            share,
            '1',
          ),
          ...(busiest.now.busy === null
            ? []
            : [
                nodeEvidence(
                  busiest.id,
                  `${busiest.id} has the largest part: ${percent(busiest.now.busy)}`,
                  busiest.now.busy,
                  '1',
                ),
              ]),
        ],
        advice:
          'More workers do not help where there is no core for them: less work a batch, or another core.',
      },
    ];
  });
}

function memoryNearLimit(reader: SeriesReader, version: TopologyVersion, at: number): Candidate[] {
  const used = gaugeAt(reader, ENGINE, 'memory', at);
  if (used === null) return [];
  return version.nodes.filter(isLimiter).flatMap((node): Candidate[] => {
    const limit = settingOf(node.config, 'limit_mib');
    if (typeof limit !== 'number' || limit <= 0 || used < NEAR_LIMIT * limit * MEBIBYTE) return [];
    return [
      {
        kind: 'memory_limited',
        place: { kind: 'node', node: node.id },
        weight: 0.1,
        title: `Memory is near the limit of ${node.id}`,
        evidence: [
          nodeEvidence(
            node.id,
            `${Math.round(used / MEBIBYTE)} of ${limit} MiB in use`,
            used / (limit * MEBIBYTE),
            '1',
          ),
        ],
        advice: `At its limit ${node.id} refuses what comes: smaller queues and batches, or more memory.`,
      },
    ];
  });
}

function restartLoop(version: TopologyVersion, restarts: readonly bigint[], at: number): Candidate[] {
  const recent = restarts.filter((nano) => at - Number(nano / 1_000_000n) / 1_000 < LOOP_SECONDS).length;
  const first = version.nodes.find(({ kind }) => kind === 'receiver') ?? version.nodes[0];
  if (recent < LOOP_RESTARTS || !first) return [];
  return [
    {
      kind: 'restart_loop',
      place: { kind: 'node', node: first.id },
      weight: 1,
      certain: true,
      title: `The engine started ${recent} times in five minutes`,
      evidence: [
        nodeEvidence(first.id, `${recent} new incarnations in ${LOOP_SECONDS / 60} minutes`, recent, ''),
      ],
      advice: 'Look at the last lines of its log before each start.',
    },
  ];
}

export function configFindings(version: TopologyVersion): Candidate[] {
  const touched = new Set(version.edges.flatMap(({ from, to }) => [from, to]));
  const byId = new Map(version.nodes.map((node) => [node.id, node]));
  const declared = version.edges.some(({ provenance }) => provenance === 'declared');
  const unused = [
    ...(declared && version.nodes.length > 1
      ? version.nodes.filter(({ id }) => !touched.has(id)).map(({ id }) => id)
      : []),
    ...version.unused,
  ];
  const late = version.edges.filter(({ from, to }) => {
    const [sender, target] = [byId.get(from), byId.get(to)];
    return target !== undefined && isLimiter(target) && sender?.kind === 'processor';
  });
  const unqueued = version.nodes.filter((node) => node.kind === 'exporter' && isQueueOff(node.config));
  return [
    ...unused.map((id) =>
      smell(
        id,
        `${id} is configured and not used`,
        'no pipeline leads through it',
        `Take ${id} out, or connect it.`,
      ),
    ),
    ...late.map(({ from, to }) =>
      smell(
        to,
        `${to} is not first in its pipeline`,
        `${from} works and holds memory before it is asked`,
        `Put ${to} right behind the receivers: what it refuses there is told to the sender.`,
      ),
    ),
    ...unqueued.map(({ id }) =>
      smell(
        id,
        `${id} has no sending queue`,
        'each sender waits for the destination, and nothing bridges an outage',
        `Switch the sending queue of ${id} on.`,
      ),
    ),
  ];
}

function smell(node: string, title: string, text: string, advice: string): Candidate {
  return {
    kind: 'config_smell',
    place: { kind: 'node', node },
    weight: 0,
    title,
    evidence: [nodeEvidence(node, text, null, '')],
    advice,
  };
}

/** Said as followed, never as caused. Whoever judges leaves out what anything else may explain. */
export function changeFindings(
  changes: readonly ChangeSeen[],
  version: TopologyVersion,
  at: number,
): Candidate[] {
  return changes.flatMap(({ action, target, at: judgedAt, texts }): Candidate[] => {
    const id = target.replace(/^(pdata|control):/, '');
    const node =
      version.nodes.find((one) => one.id === id) ?? version.nodes.find(({ kind }) => kind === 'receiver');
    if (!node || texts.length === 0 || at - judgedAt > CHANGE_SAID_SECONDS || at < judgedAt) return [];
    return [
      {
        kind: 'changed_after_control',
        place: { kind: 'node', node: node.id },
        weight: 0,
        title: `${node.id} is different after ${action} of ${target}`,
        evidence: [
          ...texts.map((text) => nodeEvidence(node.id, text, null, '')),
          {
            text: `followed ${action} of ${target}; nothing else is known to lie between`,
            value: null,
            unit: '',
            link: '/control',
          },
        ],
      },
    ];
  });
}

function isLimiter({ type }: MapNode): boolean {
  return /memory_?limiter/.test(type);
}

function settingOf(config: unknown, key: string): unknown {
  return typeof config === 'object' && config !== null
    ? (config as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function isQueueOff(config: unknown): boolean {
  return settingOf(settingOf(config, 'sending_queue'), 'enabled') === false;
}
