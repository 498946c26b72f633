/** Attribute names of spans, scopes and resources, and the aliases that a reader takes for them (nearest wins). */
export const ATTR = {
  serviceName: 'service.name',
  serviceInstanceId: 'service.instance.id',
  serviceVersion: 'service.version',
  hostName: 'host.name',
  podName: 'k8s.pod.name',
  pipelineId: 'dataflow.pipeline.id',
  componentId: 'otelcol.component.id',
  componentKind: 'otelcol.component.kind',
  componentPipelineId: 'otelcol.pipeline.id',
  nodeId: 'node.id',
  nodeType: 'node.type',
  signalType: 'signal.type',
  pdataId: 'pdata.id',
  batchSize: 'pdata.batch.size',
  batchSizeOut: 'pdata.batch.size.out',
  outPort: 'out.port',
  stateful: 'stateful',
  latencyMs: 'latency.ms',
  error: 'error',
  channelId: 'channel.id',
  channelKind: 'channel.kind',
  queueDepth: 'channel.queue_depth',
  channelCapacity: 'channel.capacity',
  waitMs: 'channel.wait.ms',
  sendQueueDepth: 'channel.send.queue_depth',
  sendBlockedMs: 'channel.send.blocked.ms',
  outcomeWaitMs: 'outcome.wait.ms',
  heldMs: 'held.ms',
  samplingPolicy: 'tailsampling.policy',
  /** On the root of a kept trace: spans and relatives that ought to be there and were overwritten or decided before. */
  samplingMissing: 'tailsampling.missing.count',
  linkType: 'link.type',
  partIndex: 'pdata.part.index',
  partCount: 'pdata.part.count',
  linkItems: 'pdata.items',
  contributorsCount: 'contributors.count',
  retryCount: 'retry.count',
  controlAction: 'control.action',
  controlId: 'control.id',
  controlOrigin: 'control.origin',
  controlRevision: 'control.revision',
  controlOutcome: 'control.outcome',
  affectedCount: 'control.affected.count',
} as const;

/** Each in order of preference; the first that is there is taken, on the span, else its scope, else the resource. */
export const NODE_ID_ALIASES = [ATTR.nodeId, ATTR.componentId, 'otelcol.node.id'] as const;
export const NODE_TYPE_ALIASES = [ATTR.nodeType, 'otelcol.node.urn', 'node.urn'] as const;
export const SIGNAL_ALIASES = [ATTR.signalType, 'otelcol.signal'] as const;
/** Items of the batch that a span handles, where several are told the most of them: Weir's, a Collector's receivers', exporters'. */
export const ITEMS_ALIASES = [
  ATTR.batchSize,
  'accepted_spans',
  'accepted_log_records',
  'accepted_metric_points',
  'items.sent',
  'items.failed',
] as const;

export const LINK_TYPES = ['split', 'merge', 'retry', 'control'] as const;
export type LinkType = (typeof LINK_TYPES)[number];
/** Links kept on one span, merge contributors and control-affected spans alike; `…count` attributes stay true. */
export const MAX_SPAN_LINKS = 128;
