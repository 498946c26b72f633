/**
 * OTLP/gRPC: the three Export services on a port of their own. Messages stay bytes here and go into the decoder, the
 * ledger and the pressure budget that OTLP/HTTP uses. No check of the authority: a browser cannot speak HTTP/2 without TLS,
 * so no page can be made to send this.
 */
import {
  type handleUnaryCall,
  logVerbosity,
  Metadata,
  ResponderBuilder,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  ServerListenerBuilder,
  type ServiceDefinition,
  type sendUnaryData,
  setLogVerbosity,
  status,
} from '@grpc/grpc-js';
import { err, ok, type Result } from '@/lib/base/result';
import { encodeExportResponse } from '@/lib/otlp/export-response';
import { encodeRpcStatus } from '@/lib/otlp/rpc-status';
import type { IngestResult } from '@/lib/store/span-store';
import type { IngestPort, OtlpSignal } from '../ports';
import type { AgentListener } from './agent-listener';
import { RETRY_AFTER_SECONDS } from './otlp-endpoint';
import type { Pressure } from './pressure';
import { MAX_BODY_BYTES } from './read-body';
import type { RequestLedger } from './request-ledger';

/**
 * Reserved when a call begins, as gRPC does not say beforehand how long its message is; the rest is once it is there.
 * Nothing is read of a call that is not let in: flow control holds it at its sender. It is what HTTP/2 lets a sender of
 * one call have under way by default. More would turn away a fleet whose calls are small: some SDKs lose what is refused.
 */
const ASSUMED_BYTES = 64 * 1024;
/** Calls at once on one connection; HTTP/2 makes a sender wait with more. */
const MAX_CONCURRENT_CALLS = 128;
/** A connection without an answer to a ping is dead: a pulled cable sends no close. */
const KEEPALIVE_MS = 30_000;
/** What the library says where a message cannot be unpacked. */
const BAD_PACKING = 'Failed to decompress message';

export interface GrpcIntake {
  readonly ingest: IngestPort;
  readonly pressure: Pressure;
  readonly requests: RequestLedger;
  readonly nowMs: () => number;
}

export function startGrpcListener(
  options: { readonly host: string; readonly port: number },
  intake: GrpcIntake,
): Promise<Result<AgentListener, string>> {
  // It writes lines of its own where it also gives an error.
  setLogVerbosity(logVerbosity.NONE);
  const server = new Server({
    'grpc.max_receive_message_length': MAX_BODY_BYTES,
    'grpc.max_concurrent_streams': MAX_CONCURRENT_CALLS,
    'grpc.keepalive_time_ms': KEEPALIVE_MS,
    interceptors: [admission(intake)],
  });
  server.addService(exportService('trace.v1.TraceService'), { export: exporting('traces', intake) });
  server.addService(exportService('metrics.v1.MetricsService'), { export: exporting('metrics', intake) });
  server.addService(exportService('logs.v1.LogsService'), { export: exporting('logs', intake) });
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return new Promise((resolve) => {
    server.bindAsync(`${host}:${options.port}`, ServerCredentials.createInsecure(), (error, port) => {
      if (!error) return resolve(ok({ port, close: async () => server.forceShutdown() }));
      const why = error.message.includes('EADDRINUSE')
        ? 'is taken: stop the other program, or set WEIR_OTLP_GRPC_PORT'
        : `cannot be used: ${error.message}`;
      resolve(err(`port ${options.port} on ${options.host} for OTLP/gRPC ${why}`));
    });
  });
}

function exportService(name: string): ServiceDefinition {
  const raw = (bytes: Buffer) => bytes;
  return {
    export: {
      path: `/opentelemetry.proto.collector.${name}/Export`,
      requestStream: false,
      responseStream: false,
      requestSerialize: raw,
      requestDeserialize: raw,
      responseSerialize: raw,
      responseDeserialize: raw,
    },
  };
}

function exporting(signal: OtlpSignal, intake: GrpcIntake): handleUnaryCall<Buffer, Buffer> {
  const reply = (outcome: IngestResult, length: number, answer: sendUnaryData<Buffer>) => {
    if (!outcome.ok) return answer({ code: status.INVALID_ARGUMENT, details: outcome.message });
    intake.requests.bytes += length;
    const { rejected, message } = outcome;
    const partial = rejected === 0 && message === '' ? null : { rejected, errorMessage: message };
    return answer(null, Buffer.from(encodeExportResponse(signal, partial)));
  };
  return (call, answer) => {
    const { length } = call.request;
    const appended = intake.ingest.append(signal, 'protobuf', call.request);
    if (!(appended instanceof Promise)) return reply(appended, length, answer);
    appended
      .then((outcome) => reply(outcome, length, answer))
      .catch((error: unknown) => {
        console.error('weir: a call on the gRPC port failed:', error);
        answer({ code: status.INTERNAL, details: 'Internal error.' });
      });
  };
}

/** Lets calls in as the budget has room, and counts what becomes of each: one thing, once. */
function admission({ pressure, requests, nowMs }: GrpcIntake): ServerInterceptor {
  return (_method, call) => {
    let reserved = 0;
    let settled = false;
    const settle = (code: status) => {
      if (settled) return;
      settled = true;
      pressure.release(reserved);
      if (code === status.OK) requests.accepted++;
      else if (code !== status.UNAVAILABLE) requests.rejected++;
      else {
        requests.refused++;
        requests.lastRefusedMs = nowMs();
      }
    };
    /** True where there is room for a message of this length. */
    const reserveUpTo = (bytes: number): boolean => {
      const more = bytes - reserved;
      if (more > 0 && !pressure.reserve(more)) return false;
      if (more > 0) reserved = bytes;
      return true;
    };
    const send = call.sendStatus.bind(call);
    // The library's own refusals (too long, not to be unpacked, too late) pass by interceptors, but not by this.
    call.sendStatus = (sent) => {
      const told = sent.details === BAD_PACKING ? { ...sent, code: status.INVALID_ARGUMENT } : sent;
      settle(told.code ?? status.UNKNOWN);
      send(told);
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, pass) => (reserveUpTo(ASSUMED_BYTES) ? pass(metadata) : refuse(call)))
      .withOnReceiveMessage((message: Buffer, pass) =>
        reserveUpTo(message.length) ? pass(message) : refuse(call),
      )
      // Comes at the end of every call; before a status it means that the sender gave up.
      .withOnCancel(() => settle(status.CANCELLED))
      .build();
    const responder = new ResponderBuilder().withStart((next) => next(listener)).build();
    return new ServerInterceptingCall(call, responder);
  };
}

/** OTLP wants the time to come again in the details of the status. */
function refuse(call: ServerInterceptingCallInterface): void {
  const code = status.UNAVAILABLE;
  const message = 'Busy: too much is being stored. Try again.';
  const metadata = new Metadata();
  const told = encodeRpcStatus({ code, message, retryDelayMs: RETRY_AFTER_SECONDS * 1_000 });
  metadata.set('grpc-status-details-bin', Buffer.from(told));
  call.sendStatus({ code, details: message, metadata });
}
