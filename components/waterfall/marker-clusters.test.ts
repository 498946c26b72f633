import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterMarkers, MARKER_GAP } from './marker-clusters';

const event = (name: string, atMs: number) => ({ name, atMs, label: name });

describe('markers on a bar', () => {
  it('are one where they would overlap, and show what failed', () => {
    const events = [event('port_selected', 10), event('export_failure', 11), event('batch_flush', 60)];
    const clusters = clusterMarkers(events, (ms) => ms, 100);
    expect(clusters.map((cluster) => [cluster.x, cluster.kind, cluster.events.length])).toEqual([
      [10, 'failed', 2],
      [60, 'flush', 1],
    ]);
  });

  it('never overlap and lose none that is in sight', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 60 }), (times) => {
        const sorted = [...times].sort((a, b) => a - b);
        const clusters = clusterMarkers(
          sorted.map((ms) => event('x', ms)),
          (ms) => ms,
          500,
        );
        expect(clusters.reduce((sum, cluster) => sum + cluster.events.length, 0)).toBe(times.length);
        clusters.forEach((cluster, i) => {
          const next = clusters[i + 1];
          if (next) expect(next.x - cluster.x).toBeGreaterThanOrEqual(MARKER_GAP);
        });
      }),
    );
  });
});
