import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '@/lib/api/engines';
import { CONNECT_GUIDES } from '@/lib/dialects/connect-guides';
import { signState, sourcesOf } from './signs';

type Told = Pick<EngineInfo, 'id' | 'dialect' | 'agent' | 'arrivals'>;

function source(id: string, changes: Partial<Told['arrivals']> = {}, more: Partial<Told> = {}): EngineInfo {
  const told: Told = {
    id,
    dialect: 'collector',
    agent: null,
    arrivals: { traces: null, metrics: null, logs: null, pipelineTelemetry: false, ...changes },
    ...more,
  };
  return told as EngineInfo;
}

const [collector] = CONNECT_GUIDES;
if (!collector) throw new Error('no guide');

describe('the signs of a connection', () => {
  it('are looked for in the newest source of the kind', () => {
    const engines = [
      source('old', { metrics: '1000' }),
      source('new', { metrics: '2000', traces: '2500' }),
      source('app', { traces: '9000' }, { dialect: 'spans' }),
    ];
    expect(sourcesOf(collector, engines).map(({ id }) => id)).toEqual(['new', 'old']);
  });

  it('arrive one by one', () => {
    const one = source('a', { metrics: '1000' });
    expect(signState('metrics', one)).toEqual({ kind: 'arrived', sinceUnixNano: '1000' });
    expect(signState('traces', one)).toEqual({ kind: 'waiting' });
    expect(signState('pipelineTelemetry', one)).toEqual({ kind: 'waiting' });
    expect(signState('opamp', one)).toEqual({ kind: 'waiting' });
    expect(signState('pipelineTelemetry', source('a', { pipelineTelemetry: true })).kind).toBe('arrived');
    expect(signState('metrics', null)).toEqual({ kind: 'waiting' });
  });
});

describe('the guides', () => {
  const endpoints = {
    otlpHttp: 'http://10.0.0.5:4318',
    otlpGrpc: 'http://10.0.0.5:4317',
    opampWs: 'ws://10.0.0.5:4318/v1/opamp',
    opampHttp: 'http://10.0.0.5:4318/v1/opamp',
  };

  it('name this server wherever data or an agent has to find it', () => {
    for (const { key, parts } of CONNECT_GUIDES) {
      const all = parts.map(({ code }) => code(endpoints)).join('\n');
      expect(all, key).toContain('10.0.0.5:4318');
      expect(all, key).not.toMatch(/undefined|null|<this host>/);
    }
  });

  it('have one part for each sign, and no sign twice', () => {
    for (const { parts } of CONNECT_GUIDES) {
      const signs = parts.flatMap(({ sign }) => (sign === null ? [] : [sign]));
      expect(new Set(signs).size).toBe(signs.length);
      expect(signs.length).toBeGreaterThan(1);
    }
  });
});
