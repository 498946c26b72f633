/**
 * Captures of real engines. They stand beside the checkout; where they do not, a small excerpt inside it takes their
 * place, and says so.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const WHOLE = join(ROOT, '../shared/fixtures');
const EXCERPT = join(ROOT, 'lib/dialects/fixtures');

export const hasCaptures = existsSync(WHOLE);
if (!hasCaptures) console.log('the captures are not beside the checkout: the excerpt inside it is used');

export const CAPTURES: readonly string[] = hasCaptures
  ? [
      'collector/healthy',
      'collector/slow-exporter',
      'collector/failing-exporter',
      'collector/gate-off',
      'collector/restart',
      'otap/healthy',
      'otap/slow-exporter-2-cores',
    ]
  : ['collector/healthy', 'otap/healthy'];

/** `fallback` where there is no such file. */
export function captureText(capture: string, file: string, fallback?: string): string {
  const path = join(hasCaptures ? WHOLE : EXCERPT, capture, file);
  if (fallback !== undefined && !existsSync(path)) return fallback;
  return readFileSync(path, 'utf8');
}

export function captureLines(capture: string, file: string): unknown[] {
  const path = join(hasCaptures ? WHOLE : EXCERPT, capture, file);
  if (!existsSync(path)) return [];
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}
