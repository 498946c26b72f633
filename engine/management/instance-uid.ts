import { randomBytes } from 'node:crypto';
import { hexFromBytes } from '@/lib/base/bytes';

/** 16 bytes of a UUID version 7: Unix milliseconds, then chance. New for each process. */
export function createInstanceUid(unixMs: number): Uint8Array {
  const uid = new Uint8Array(randomBytes(16));
  const view = new DataView(uid.buffer);
  view.setUint32(0, Math.floor(unixMs / 0x1_0000));
  view.setUint16(4, unixMs & 0xffff);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  return uid;
}

export function uuidText(uid: Uint8Array): string {
  const hex = hexFromBytes(uid);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
