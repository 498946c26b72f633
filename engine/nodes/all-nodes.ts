import type { NodeType } from '@/engine/core/node';
import { consoleExporter } from './exporters/console';
import { error } from './exporters/error';
import { file } from './exporters/file';
import { noop } from './exporters/noop';
import { otlpHttp } from './exporters/otlp-http';
import { attributes } from './processors/attributes';
import { batch } from './processors/batch';
import { contentRouter } from './processors/content-router';
import { debug } from './processors/debug';
import { delay } from './processors/delay';
import { fanout } from './processors/fanout';
import { filter } from './processors/filter';
import { retry } from './processors/retry';
import { typeRouter } from './processors/type-router';
import { otlp } from './receivers/otlp';
import { replay } from './receivers/replay';
import { trafficGenerator } from './receivers/traffic-generator';

/** Every node type that the engine ships. */
export const ALL_NODES: readonly NodeType[] = [
  otlp,
  trafficGenerator,
  replay,
  batch,
  filter,
  attributes,
  typeRouter,
  contentRouter,
  fanout,
  retry,
  delay,
  debug,
  otlpHttp,
  file,
  consoleExporter,
  noop,
  error,
];
