/**
 * One reader of the stream. Its queue is bounded in bytes: what does not fit is not queued but sent anew, as it is
 * then, once the reader has caught up. State goes by version, lists by a mark, so a slow reader costs no memory.
 */
import { formatResumeId, type StreamMarks } from './resume-id';
import { HEARTBEAT_FRAME, sseFrame } from './sse-frame';

export const MAX_QUEUED_BYTES = 1 << 20;

export interface SseConnection {
  readonly body: ReadableStream<Uint8Array>;
  readonly marks: StreamMarks;
  /** Rows of traces that it wants in an event. */
  readonly rows: number;
  readonly closed: boolean;
  /** Times that something newer had to wait for the reader. */
  readonly skipped: number;
  hasRoom(): boolean;
  /** Sends a state unless this version of it was sent already or the queue is full. */
  offerState(event: string, version: number, json: string): void;
  /** The same for a state of which only what changed since the version sent last (0: none) is sent. */
  offerChanges(event: string, version: number, textSince: (sent: number) => string): void;
  /** Sends a list and moves the marks; false where the queue is full and nothing was moved. */
  offerList(event: string, json: string, marks: StreamMarks): boolean;
  /** Moves the marks over what is nothing to this reader. */
  skipTo(marks: StreamMarks): void;
  heartbeat(): void;
  close(): void;
}

export function createSseConnection(
  processTag: string,
  start: StreamMarks,
  rows: number,
  onClosed: (connection: SseConnection) => void,
): SseConnection {
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  let closed = false;
  let sequence = 0;
  let skipped = 0;
  let marks = start;
  const sentVersions = new Map<string, number>();

  const end = () => {
    if (closed) return;
    closed = true;
    onClosed(connection);
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(made) {
        controller = made;
      },
      cancel: end,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_QUEUED_BYTES }),
  );
  const hasRoom = () => !closed && (controller?.desiredSize ?? 0) > 0;
  const send = (event: string, json: string) => {
    controller?.enqueue(sseFrame(formatResumeId(processTag, ++sequence, marks), event, json));
  };

  const connection: SseConnection = {
    body,
    rows,
    get marks() {
      return marks;
    },
    get closed() {
      return closed;
    },
    get skipped() {
      return skipped;
    },
    hasRoom,
    offerState(event, version, json) {
      if (sentVersions.get(event) === version) return;
      if (!hasRoom()) {
        skipped++;
        return;
      }
      sentVersions.set(event, version);
      send(event, json);
    },
    offerChanges(event, version, textSince) {
      const sent = sentVersions.get(event) ?? 0;
      if (sent === version) return;
      if (!hasRoom()) {
        skipped++;
        return;
      }
      sentVersions.set(event, version);
      send(event, textSince(sent));
    },
    offerList(event, json, next) {
      if (!hasRoom()) {
        skipped++;
        return false;
      }
      marks = next;
      send(event, json);
      return true;
    },
    skipTo(next) {
      marks = next;
    },
    heartbeat() {
      if (hasRoom()) controller?.enqueue(HEARTBEAT_FRAME);
    },
    close() {
      if (closed) return;
      controller?.close();
      end();
    },
  };
  return connection;
}
