/**
 * What a pdata holds: an OTLP export request of one signal, as protobuf bytes, as objects, or both. Either form is
 * made from the other on demand and then kept; a node that changes items replaces the payload as a whole.
 */
import type { LogsData, MetricsData, TracesData } from '@/lib/otlp/types';

export type OtlpSignal = 'logs' | 'metrics' | 'traces';

export type OtlpData =
  | { readonly signal: 'logs'; readonly data: LogsData }
  | { readonly signal: 'metrics'; readonly data: MetricsData }
  | { readonly signal: 'traces'; readonly data: TracesData };

export interface Payload {
  /** The OTLP signal on the wire; pdata of signal `events` are `logs` here. */
  readonly signal: OtlpSignal;
  /** Protobuf of the export request. Encodes and keeps it where only objects are there. */
  bytes(): Uint8Array;
  /** The decoded request, shared: never change it in place. */
  decoded(): OtlpData;
}
