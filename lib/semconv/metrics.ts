/** Metric names of the contract; units stand in TELEMETRY's table: seconds, items, messages. */
export const METRIC = {
  channelDepth: 'dataflow.channel.depth',
  channelCapacity: 'dataflow.channel.capacity',
  channelOccupancy: 'dataflow.channel.occupancy',
  channelSent: 'dataflow.channel.sent',
  channelReceived: 'dataflow.channel.received',
  channelBlocked: 'dataflow.channel.blocked',
  channelWait: 'dataflow.channel.wait',
  channelSendBlocked: 'dataflow.channel.send.blocked',
  nodeDuration: 'dataflow.node.duration',
  nodeBusy: 'dataflow.node.busy',
  nodeBlocked: 'dataflow.node.blocked',
  nodeConcurrency: 'dataflow.node.concurrency',
  nodeBatches: 'dataflow.node.batches',
  nodeItems: 'dataflow.node.items',
  nodeInFlight: 'dataflow.node.in_flight',
  pdataDropped: 'dataflow.pdata.dropped',
  pdataDelayed: 'dataflow.pdata.delayed',
  pdataBatchSize: 'dataflow.pdata.batch.size',
  pathDuration: 'dataflow.path.duration',
  controlActions: 'dataflow.control.actions',
  controlDuration: 'dataflow.control.duration',
  tracingSpans: 'dataflow.tracing.spans',
  tracingOverhead: 'dataflow.tracing.overhead',
  tracingCpu: 'dataflow.tracing.cpu',
  tracingBytes: 'dataflow.tracing.bytes',
  processCpu: 'process.cpu.time',
  /** Beside the contract's table: what tail sampling did, and what never reached the server. */
  samplingTraces: 'dataflow.sampling.traces',
  samplingVotes: 'dataflow.sampling.votes',
  samplingDecisionsLeftOut: 'dataflow.sampling.decisions.left_out',
  tracingLateCalls: 'dataflow.tracing.late_calls',
  exportLost: 'dataflow.export.lost',
  /** What a stateful node let go of, by reason: size, timer or shutdown. */
  nodeFlushes: 'dataflow.node.flushes',
} as const;

/** Exponential histograms are kept at this scale everywhere: relative error 0.27 %. */
export const HISTOGRAM_SCALE = 7;
export const PUBLISH_INTERVAL_MS = 250;
export const MAX_PATHS = 256;
