/** Facts of one engine as records of a bundle, and back. Pure. */
import type { BundleFinding, BundleMap, BundleRecords } from '@/lib/api/bundle';
import type { Finding } from '@/lib/api/topology';
import type { ControlFact, DecisionFact } from '@/lib/model/facts';
import type { TopologyVersion } from '@/lib/topology/topology-model';

type Action = NonNullable<BundleRecords['actions']>[number];
type Decision = NonNullable<BundleRecords['decisions']>[number];

/** What is still open at the end of the window is open until there. */
export function findingRecord(finding: Finding, origin: bigint, end: bigint): BundleFinding {
  const { since, until, evidence, ...rest } = finding;
  const moment = until === undefined || BigInt(until) > end ? end : BigInt(until);
  return {
    ...rest,
    sinceUnixNano: since,
    untilUnixNano: String(moment),
    evidence: evidence.map((line) => ({
      ...line,
      link:
        line.link?.replace(
          /\b(from|to|at)=(\d{16,20})\b/g,
          (_, key, nanos) => `${key}=@${BigInt(nanos) - origin}`,
        ) ?? null,
    })),
  };
}

export function findingOf(record: BundleFinding, origin: bigint): Finding {
  const { sinceUnixNano, untilUnixNano, evidence, node, edge, advice, ...rest } = record;
  return {
    ...rest,
    ...(node === undefined ? {} : { node }),
    ...(edge === undefined ? {} : { edge }),
    ...(advice === undefined ? {} : { advice }),
    since: sinceUnixNano,
    until: untilUnixNano,
    evidence: evidence.map((line) => ({
      ...line,
      link:
        line.link?.replace(
          /\b(from|to|at)=@(-?\d{1,20})\b/g,
          (_, key, after) => `${key}=${BigInt(after) + origin}`,
        ) ?? null,
    })),
  };
}

export function mapRecord(version: TopologyVersion, redact: (config: unknown) => unknown): BundleMap {
  const { sinceNano, nodes, edges, pipelines } = version;
  return {
    sinceUnixNano: String(sinceNano),
    nodes: nodes.map((node) => ({
      ...node,
      ports: [...node.ports],
      config: redact(node.config),
      faults: redact(node.faults),
    })),
    edges: edges.map((edge) => ({ ...edge })),
    pipelines: [...pipelines],
  };
}

export function versionOf(record: BundleMap): Omit<TopologyVersion, 'revision' | 'shape'> {
  const { sinceUnixNano, nodes, ...rest } = record;
  return {
    ...rest,
    unused: [],
    nodes: nodes.map((node) => ({
      ...node,
      config: node.config ?? null,
      configSchema: node.configSchema ?? null,
      faults: node.faults ?? null,
    })),
    sinceNano: BigInt(sinceUnixNano),
  };
}

export function actionRecord({ kind: _, timeNano, ...fact }: ControlFact): Action {
  const {
    id,
    action,
    target,
    origin,
    revision,
    outcome,
    message,
    durationMs,
    affectedCount,
    traceId,
    spanId,
  } = fact;
  return {
    timeUnixNano: String(timeNano),
    ...{ id, action, target, origin, revision, outcome, message, durationMs, affectedCount, traceId, spanId },
  };
}

export function actionOf({ timeUnixNano, ...record }: Action): ControlFact {
  return { kind: 'control', timeNano: BigInt(timeUnixNano), ...record };
}

export function decisionRecord({
  kind: _,
  timeNano,
  nodes,
  controlActions,
  ...fact
}: DecisionFact): Decision {
  return {
    ...fact,
    timeUnixNano: String(timeNano),
    nodes: [...nodes],
    ...(controlActions ? { controlActions: [...controlActions] } : {}),
  };
}

export function decisionOf({
  timeUnixNano,
  droppedItems,
  blockedMs,
  controlActions,
  ...record
}: Decision): DecisionFact {
  return {
    kind: 'decision',
    timeNano: BigInt(timeUnixNano),
    ...record,
    ...(droppedItems === undefined ? {} : { droppedItems }),
    ...(blockedMs === undefined ? {} : { blockedMs }),
    ...(controlActions === undefined ? {} : { controlActions }),
  };
}
