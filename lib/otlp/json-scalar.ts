/** Single values of OTLP JSON: proto3's mapping, with OTLP's own rule that ids are hex. */
import { bytesFromBase64 } from './base64';
import { malformed } from './malformed';

const HEX = /^(?:[0-9a-fA-F]{2})*$/;
const INTEGER = /^-?\d{1,20}$/;
const NON_FINITE: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

export function jsonString(value: unknown, path: string): string {
  return typeof value === 'string' ? value : malformed(`${path} is no string`);
}

/** Lower-case hex of an id in either case. */
export function jsonHex(value: unknown, path: string): string {
  const text = jsonString(value, path);
  return HEX.test(text) ? text.toLowerCase() : malformed(`${path} is no hex`);
}

export function jsonBool(value: unknown, path: string): boolean {
  return typeof value === 'boolean' ? value : malformed(`${path} is no boolean`);
}

/** A 64-bit integer, as a string or a number; unsigned ones are given as `min` 0. */
export function jsonBigInt(value: unknown, min: bigint, max: bigint, path: string): bigint {
  let parsed: bigint | undefined;
  if (typeof value === 'number' && Number.isInteger(value)) parsed = BigInt(value);
  else if (typeof value === 'string' && INTEGER.test(value)) parsed = BigInt(value);
  else if (typeof value === 'string' && value !== '' && Number.isInteger(Number(value)))
    parsed = BigInt(Number(value));
  if (parsed === undefined || parsed < min || parsed > max) return malformed(`${path} is no 64-bit integer`);
  return parsed;
}

export function jsonInt(value: unknown, min: number, max: number, path: string): number {
  const parsed = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof parsed !== 'number' || !Number.isInteger(parsed) || parsed < min || parsed > max)
    return malformed(`${path} is no integer from ${min} to ${max}`);
  return parsed;
}

export function jsonDouble(value: unknown, path: string): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return malformed(`${path} is no number`);
  const special = NON_FINITE[value];
  if (special !== undefined) return special;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : malformed(`${path} is no number`);
}

export function jsonBytes(value: unknown, path: string): Uint8Array {
  return bytesFromBase64(jsonString(value, path)) ?? malformed(`${path} is no base64`);
}

/** A double as JSON can hold it; JSON.stringify would lose the sign of −0. */
export function doubleToJson(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? value : String(value);
}
