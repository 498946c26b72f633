import { describe, expect, it } from 'vitest';
import { picture } from './picture.testing';
import { slowerNodes } from './slower';
import type { NodeView } from './view';

/** An exporter that tells requests under way and no working times: ten a second, a quarter of one under way. */
function exporter(now: Partial<NodeView['now']>, past: Partial<NonNullable<NodeView['past']>> = {}) {
  const view = picture('gen > exp 0/64\nexp in=100 workers=4');
  const node = view.nodes.get('exp');
  if (!node?.past) throw new Error('no such node');
  const told: NodeView = {
    ...node,
    now: { ...node.now, typicalMs: null, meanMs: null, handled: 50, inFlight: 0.25, ...now },
    past: {
      ...node.past,
      meanMs: null,
      slices: 18,
      handled: 18 * 50,
      inFlight: { mean: 0.25, spread: 0.08, most: 0.4 },
      ...past,
    },
  };
  return slowerNodes({ ...view, nodes: new Map([['exp', told]]) });
}

describe('a destination that tells no times', () => {
  it('is slow when more is under way than ever, though no more comes', () => {
    const [said] = exporter({ inFlight: 0.75 });
    expect(said).toMatchObject({ kind: 'slow_destination', place: { node: 'exp' } });
    expect(said?.evidence[0]?.text).toBe('75 ms working time a batch, 25 ms before');
  });

  it('is not slow when more comes, nor when as much was under way before', () => {
    expect(exporter({ inFlight: 0.75, handled: 150 })).toEqual([]);
    expect(exporter({ inFlight: 0.75 }, { inFlight: { mean: 0.25, spread: 0.08, most: 0.7 } })).toEqual([]);
  });

  it('is not judged by a past that is too young', () => {
    expect(exporter({ inFlight: 0.75 }, { slices: 6, handled: 300 })).toEqual([]);
  });
});
