/** Acts that an operator can order; each falls to a node, a channel or the pipeline. */
export const OPERATOR_ACTIONS = ['config_update', 'drain', 'shutdown', 'restart'] as const;
export type OperatorAction = (typeof OPERATOR_ACTIONS)[number];

/** Everything a control channel carries. */
export const CONTROL_ACTIONS = [
  'ack',
  'nack',
  'config_update',
  'timer_tick',
  'drain',
  'shutdown',
  'restart',
  'collect_telemetry',
] as const;
export type ControlAction = (typeof CONTROL_ACTIONS)[number];

export const CONTROL_OUTCOMES = [
  'applied',
  'failed',
  'coalesced',
  'replaced',
  'dropped_during_drain',
  'forced',
] as const;
export type ControlOutcome = (typeof CONTROL_OUTCOMES)[number];

export const CONTROL_ORIGINS = ['operator', 'engine'] as const;
export type ControlOrigin = (typeof CONTROL_ORIGINS)[number];
