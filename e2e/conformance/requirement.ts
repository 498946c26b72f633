/** What a requirement is, and the few words in which checks are written. */
import { type Answer, exchange, MEDIA } from './exchange';
import {
  type Encoding,
  type PartialSuccess,
  readResponse,
  readStatus,
  type Signal,
  type Status,
} from './messages';

export interface Target {
  /** Where OTLP/HTTP is served, without a path. */
  readonly url: string;
  /** The trace as the receiver has it, as OTLP JSON; absent where it cannot be asked. */
  readonly readBack?: (traceId: string) => Promise<string>;
}

export interface Requirement {
  readonly id: string;
  /** As a sentence that is true of a receiver that conforms. */
  readonly text: string;
  check(target: Target): Promise<void>;
}

/** Thrown where a receiver is free to do otherwise, or cannot be made to show it from outside. */
export class NotApplicable extends Error {}

export class Failed extends Error {}

export function must(isSo: boolean, what: string): void {
  if (!isSo) throw new Failed(what);
}

export const ENCODINGS: readonly Encoding[] = ['protobuf', 'json'];

export function post(
  target: Target,
  signal: Signal,
  encoding: Encoding,
  body: Uint8Array | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  return exchange(`${target.url}/v1/${signal}`, {
    headers: { 'Content-Type': MEDIA[encoding], ...headers },
    body,
  });
}

/** The answer is 200 in the request's encoding; what it says of rejected items. */
export function success(signal: Signal, encoding: Encoding, answer: Answer): PartialSuccess | null {
  must(answer.status === 200, `answered ${answer.status}: ${answer.body.toString('utf8').slice(0, 200)}`);
  mustSpeak(encoding, answer);
  return readResponse(signal, encoding, answer.body);
}

export function fullSuccess(signal: Signal, encoding: Encoding, answer: Answer): void {
  const partial = success(signal, encoding, answer);
  must(
    partial === null || (partial.rejected === 0 && partial.errorMessage === ''),
    `${partial?.rejected} items were rejected: ${partial?.errorMessage}`,
  );
}

/** The answer has that status and, in the request's encoding, a google.rpc.Status that says why. */
export function refusal(encoding: Encoding, answer: Answer, ...statuses: readonly number[]): Status {
  must(statuses.includes(answer.status), `answered ${answer.status} and not ${statuses.join(' or ')}`);
  mustSpeak(encoding, answer);
  const status = readStatus(encoding, answer.body);
  must(status.message !== '', 'the status has no message');
  return status;
}

function mustSpeak(encoding: Encoding, answer: Answer): void {
  const type = (answer.headers['content-type'] ?? '').split(';', 1)[0]?.trim();
  must(
    type === MEDIA[encoding],
    `answered in ${type || 'no content type'} what was asked in ${MEDIA[encoding]}`,
  );
}
