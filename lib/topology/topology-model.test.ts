import { describe, expect, it } from 'vitest';
import type { EdgeFact, NodeFact } from '@/lib/model/facts';
import { topologyOf } from './map.testing';
import { createTopologyModel } from './topology-model';

const seen = (from: string, to: string, provenance: EdgeFact['provenance'] = 'observed'): EdgeFact => ({
  kind: 'edge',
  from,
  port: 'default',
  to,
  channel: `pdata:${to}`,
  provenance,
});

describe('topology model', () => {
  it('draws what it only observed, and names kinds by place', () => {
    const model = createTopologyModel();
    model.apply([seen('a', 'b'), seen('b', 'c')], 5n);
    expect(model.current?.nodes.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      'a receiver',
      'b processor',
      'c exporter',
    ]);
    expect(model.current?.edges.map((edge) => edge.provenance)).toEqual(['observed', 'observed']);
  });

  it('lets declared win over observed and observed over inferred, whatever comes first', () => {
    const model = createTopologyModel();
    model.apply([seen('a', 'b', 'inferred'), seen('a', 'b'), seen('a', 'b', 'inferred')], 5n);
    expect(model.current?.edges[0]?.provenance).toBe('observed');
    model.apply([topologyOf('a > b\nb > c'), seen('a', 'c')], 6n);
    expect(model.current?.edges.map((edge) => `${edge.id} ${edge.provenance}`)).toEqual([
      'a:default>b declared',
      'b:default>c declared',
    ]);
  });

  it('makes a revision of each change and of nothing else, and goes back in time', () => {
    const model = createTopologyModel();
    expect(model.apply([topologyOf('a > b', { time: 10n })], 99n)).toBe(true);
    expect(model.apply([topologyOf('a > b', { time: 20n })], 99n)).toBe(false);
    expect(model.apply([topologyOf('a > b > c', { time: 30n })], 99n)).toBe(true);
    expect(model.versions.map((version) => [version.revision, version.sinceNano])).toEqual([
      [1, 10n],
      [2, 30n],
    ]);
    expect(model.at(29n)?.nodes).toHaveLength(2);
    expect(model.at(30n)?.nodes).toHaveLength(3);
    expect(model.at(1n)?.revision).toBe(1);
  });

  it('ignores a declaration older than the one it has', () => {
    const model = createTopologyModel();
    model.apply([topologyOf('a > b > c', { time: 30n })], 99n);
    expect(model.apply([topologyOf('a > b', { time: 20n })], 99n)).toBe(false);
  });

  it('keeps the declared map over a restart until another is declared, and all of it goes then', () => {
    const model = createTopologyModel();
    model.apply([topologyOf('a > b', { pipeline: 'p' }), topologyOf('x > y', { pipeline: 'q' })], 1n);
    model.restart();
    expect(model.current?.pipelines).toEqual(['p', 'q']);
    model.apply([topologyOf('a > c', { pipeline: 'p' })], 2n);
    expect(model.current?.nodes.map((node) => node.id)).toEqual(['a', 'c']);
  });

  it('draws beside a declared pipeline what belongs to another one', () => {
    const model = createTopologyModel();
    const other: NodeFact = {
      kind: 'node',
      id: 'z',
      component: 'z',
      pipeline: 'other',
      nodeKind: 'exporter',
      type: '',
      stateful: false,
    };
    model.apply([topologyOf('a > b'), other, { ...other, id: 'old', pipeline: 'main' }], 1n);
    expect(model.current?.nodes.map((node) => node.id)).toEqual(['a', 'b', 'z']);
  });
});
