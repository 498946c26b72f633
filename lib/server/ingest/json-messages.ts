/** What the server asks of its JSON thread. */
import type { OtlpSignal } from '../ports';

export interface JsonOrder {
  readonly signal: OtlpSignal;
  /** OTLP JSON, UTF-8. */
  readonly bytes: Uint8Array;
}

/** The protobuf request that says the same, or why there is none. */
export type JsonReply =
  | { readonly ok: true; readonly wire: Uint8Array<ArrayBuffer> }
  | { readonly ok: false; readonly message: string };
