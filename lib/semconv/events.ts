/** Span event names, and the names other writers use for the same things. */
export const EVENT = {
  ack: 'control/ack',
  nack: 'control/nack',
  timerTick: 'control/timer_tick',
  configUpdate: 'control/config_update',
  drain: 'control/drain',
  shutdown: 'control/shutdown',
  batchFull: 'batch_full',
  batchFlush: 'batch_flush',
  batchDrop: 'batch_drop',
  batchAbsorbed: 'batch_absorbed',
  portSelected: 'port_selected',
  backpressure: 'backpressure',
  retry: 'retry',
  exportSuccess: 'export_success',
  exportFailure: 'export_failure',
  exception: 'exception',
} as const;

/** Log records that carry more than an event of a span. */
export const LOG_EVENT = {
  topology: 'dataflow.topology',
  control: 'dataflow.control',
  samplingDecision: 'dataflow.sampling.decision',
} as const;

const EVENT_ALIASES: Readonly<Record<string, string>> = {
  time_tick: EVENT.timerTick,
  'control/time_tick': EVENT.timerTick,
  output_port: EVENT.portSelected,
  out_port: EVENT.portSelected,
  'otelcol.node.ack': EVENT.ack,
  'otelcol.node.nack': EVENT.nack,
  'otelcol.node.timer.tick': EVENT.timerTick,
  'otelcol.node.config.update': EVENT.configUpdate,
  'otelcol.node.drain': EVENT.drain,
  'otelcol.node.shutdown': EVENT.shutdown,
  'otelcol.node.batch.full': EVENT.batchFull,
  'otelcol.node.batch.flush': EVENT.batchFlush,
  'otelcol.node.batch.drop': EVENT.batchDrop,
  'otelcol.node.port.selected': EVENT.portSelected,
  'otelcol.channel.backpressure': EVENT.backpressure,
  'otelcol.node.retry': EVENT.retry,
  'otelcol.node.export.success': EVENT.exportSuccess,
  'otelcol.node.export.failure': EVENT.exportFailure,
};

/** The contract's name for an event, whatever its writer called it. */
export function canonicalEventName(name: string): string {
  return EVENT_ALIASES[name] ?? name;
}

const ATTRIBUTE_ALIASES: Readonly<Record<string, string>> = {
  channel_queue_depth: 'channel.queue_depth',
  output_port: 'out.port',
  out_port: 'out.port',
};

export function canonicalEventAttribute(key: string): string {
  return ATTRIBUTE_ALIASES[key] ?? key;
}
