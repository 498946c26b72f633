/** One server-sent event as bytes. JSON has no raw line breaks, so one `data` line always suffices. */
const encoder = new TextEncoder();

export function sseFrame(id: string, event: string, json: string): Uint8Array {
  return encoder.encode(`id: ${id}\nevent: ${event}\ndata: ${json}\n\n`);
}

/** Named, so that a page can tell a quiet stream from a dead one. */
export const HEARTBEAT_FRAME = encoder.encode('event: heartbeat\ndata: {}\n\n');
