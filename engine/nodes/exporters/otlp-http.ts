import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { z } from 'zod';
import type { Hop } from '@/engine/core/node';
import { EVENT } from '@/lib/semconv/events';
import { backoffMs } from '../backoff';
import { configChange } from '../config-change';
import { defineExporter } from '../define';
import { otlpToJson } from '../otlp-json';
import { serve, serviceTimeFields, wait } from '../service-time';
import { httpPost } from './http-post';
import { judgeReply, type Verdict } from './otlp-verdict';

const config = z.strictObject({
  ...serviceTimeFields,
  /** Base URL; `/v1/logs`, `/v1/metrics` or `/v1/traces` is put after it. */
  endpoint: z.url({ protocol: /^https?$/ }),
  headers: z.record(z.string(), z.string()).default({}),
  encoding: z.enum(['protobuf', 'json']).default('protobuf'),
  compression: z.enum(['gzip', 'none']).default('gzip'),
  /** For one attempt, milliseconds. */
  timeout_ms: z.number().int().min(1).max(600_000).default(10_000),
  /** Repetitions inside the exporter, after 429, 502, 503, 504 or no answer. 1: none. */
  max_attempts: z.number().int().min(1).max(100).default(3),
  initial_interval_ms: z.number().min(1).max(60_000).default(200),
  max_interval_ms: z.number().min(1).max(600_000).default(5_000),
  multiplier: z.number().min(1).max(10).default(2),
});
type OtlpHttpConfig = z.infer<typeof config>;

const gzipAsync = promisify(gzip);
/** Connections are kept open between batches, at most this many at once. */
const MAX_SOCKETS = 64;

/** Delivers to any OTLP/HTTP endpoint. */
export const otlpHttp = defineExporter({
  typeId: 'otlp_http',
  config,
  create(initial, node) {
    let current = initial;
    const agents = {
      'http:': new HttpAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
      'https:': new HttpsAgent({ keepAlive: true, maxSockets: MAX_SOCKETS }),
    };

    const sendOnce = async (settings: OtlpHttpConfig, hop: Hop, body: Uint8Array): Promise<Verdict> => {
      const { signal } = hop.pdata.payload;
      const url = new URL(`${settings.endpoint.replace(/\/+$/, '')}/v1/${signal}`);
      const agent = url.protocol === 'https:' ? agents['https:'] : agents['http:'];
      const headers = { ...settings.headers, ...contentHeaders(settings) };
      const reply = await httpPost({ url, agent, headers, body, timeoutMs: settings.timeout_ms });
      return judgeReply(signal, reply, Date.now());
    };

    return {
      async process(hop) {
        const settings = current;
        const busy = serve(settings, node);
        if (busy) await busy;
        const body = await encode(settings, hop);
        for (let attempt = 1; ; attempt++) {
          const verdict = await sendOnce(settings, hop, body);
          if (verdict.kind === 'success') return delivered(hop, verdict);
          if (verdict.kind === 'refused') return hop.nack(verdict.message, { permanent: true });
          if (attempt >= settings.max_attempts) return hop.nack(verdict.message);
          if (hop.recording) hop.span.addEvent(EVENT.retry, { attempt, error: verdict.message });
          await wait(
            node.clock,
            Math.max(backoffMs(settings, attempt, node.random), verdict.retryAfterMs ?? 0),
          );
        }
      },
      control(message) {
        current = configChange(config, message) ?? current;
      },
      stop() {
        agents['http:'].destroy();
        agents['https:'].destroy();
      },
    };
  },
});

/** A partial success: what the destination refused is lost, and counted. */
function delivered(hop: Hop, { status, rejected, message }: Extract<Verdict, { kind: 'success' }>): void {
  if (rejected > 0) {
    if (hop.recording) hop.span.setAttribute('otlp.partial_success.message', message);
    hop.drop(Math.min(rejected, hop.pdata.items), 'rejected_by_destination');
  }
  if (rejected < hop.pdata.items) hop.deliver(String(status));
}

function contentHeaders({ encoding, compression }: OtlpHttpConfig): Record<string, string> {
  const type = encoding === 'json' ? 'application/json' : 'application/x-protobuf';
  return compression === 'gzip'
    ? { 'Content-Type': type, 'Content-Encoding': 'gzip' }
    : { 'Content-Type': type };
}

async function encode({ encoding, compression }: OtlpHttpConfig, hop: Hop): Promise<Uint8Array> {
  const { payload } = hop.pdata;
  const plain =
    encoding === 'json' ? Buffer.from(JSON.stringify(otlpToJson(payload.decoded()))) : payload.bytes();
  return compression === 'gzip' ? gzipAsync(plain) : plain;
}
