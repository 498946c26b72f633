import { describe, expect, it } from 'vitest';
import { formatProblem } from './pipeline-api';
import { parsePipeline } from './pipeline-yaml';
import { createTestWorld } from './testing/test-nodes';

const { types } = createTestWorld();

function read(text: string, env: Record<string, string> = {}) {
  return parsePipeline(text, { file: 'pipe.yaml', nodeTypes: types, env });
}

function problems(text: string): readonly string[] {
  const result = read(text);
  return result.ok ? [] : result.error.map(formatProblem);
}

const GOOD = `pipeline: { id: demo }
nodes:
  rcv:
    type: receiver:gen
    config: { port: \${PORT:-14318} }
  fan:
    type: processor:split
  one:
    type: urn:otel:exporter:exp
    concurrency: 3
    capacity: 16
    faults: { errorRate: 0.1 }
  two:
    type: exporter:exp
connections:
  - { from: rcv, to: fan }
  - { from: "fan:left", to: one }
  - { from: 'fan["right"]', to: two }
policies:
  channels:
    pdata: { capacity: 64 }
  delayed_after: 2s
`;

describe('a pipeline file', () => {
  it('is read with its policies, and what a node has of its own', () => {
    const result = read(GOOD);
    expect(result).toMatchObject({
      ok: true,
      value: {
        id: 'demo',
        delayedAfterMs: 2_000,
        controlCapacity: 256,
        nodes: [
          { id: 'rcv', rawConfig: { port: 14318 } },
          { id: 'fan', capacity: 64, concurrency: 1 },
          { id: 'one', capacity: 16, concurrency: 3, faults: { errorRate: 0.1 } },
          { id: 'two', capacity: 64 },
        ],
        connections: [
          { from: 'rcv', port: 'default', to: 'fan' },
          { from: 'fan', port: 'left', to: 'one' },
          { from: 'fan', port: 'right', to: 'two' },
        ],
      },
    });
  });

  it('takes values from the environment', () => {
    expect(read(GOOD, { PORT: '21001' })).toMatchObject({
      value: { nodes: [{ rawConfig: { port: 21001 } }, {}, {}, {}] },
    });
    expect(problems(`nodes: {}\nconnections: ${'$'}{NOT_THERE}`)).toEqual([
      'pipe.yaml:2: environment variable NOT_THERE is not set and has no default',
    ]);
  });

  it('tells every problem at once, each with its line, path and reason', () => {
    expect(
      problems(`nodes:
  rcv: { type: receiver:gen, concurrency: 2 }
  odd: { type: processor:gen }
  exp:
    type: exporter:exp
    config:
      delayMs: slow
      color: red
connections:
  - { from: rcv, to: exp }
  - { from: nobody, to: exp }
  - { from: exp, to: rcv }
policies: { delayed_after: soon }
`),
    ).toEqual(
      [
        'pipe.yaml:2: nodes.rcv.concurrency: a receiver has no workers',
        'pipe.yaml:3: nodes.odd.type: unknown type "processor:gen"; did you mean urn:otel:receiver:gen?',
        'pipe.yaml:7: nodes.exp.config.delayMs: Invalid input: expected number, received string',
        'pipe.yaml:6: nodes.exp.config: Unrecognized key: "color"',
      ]
        .sort((a, b) => Number(a.split(':')[1]) - Number(b.split(':')[1]))
        .concat([
          'pipe.yaml:11: connections[1].from: unknown node "nobody"',
          'pipe.yaml:12: connections[2].to: "rcv" is a receiver and takes no input',
          'pipe.yaml:13: policies.delayed_after: Invalid input',
        ]),
    );
  });

  it('names a cycle', () => {
    const text = `nodes:
  rcv: { type: receiver:gen }
  a: { type: processor:pass }
  b: { type: processor:pass }
  exp: { type: exporter:exp }
  s: { type: processor:split }
connections:
  - { from: rcv, to: a }
  - { from: a, to: s }
  - { from: "s:x", to: b }
  - { from: "s:y", to: exp }
  - { from: b, to: a }
`;
    expect(problems(text)).toEqual(['pipe.yaml:9: connections[1]: cycle: a → s → b → a']);
  });

  it('has no node that nothing reaches, and no port that leads nowhere', () => {
    const text = `nodes:
  rcv: { type: receiver:gen }
  lost: { type: processor:pass }
  split: { type: processor:split }
  exp: { type: exporter:exp }
connections:
  - { from: rcv, to: exp }
  - { from: lost, to: exp }
  - { from: "rcv:other", to: exp }
  - { from: rcv, to: exp }
`;
    expect(problems(text)).toEqual([
      'pipe.yaml:3: nodes.lost: no receiver reaches this node',
      'pipe.yaml:4: nodes.split: no output port is connected',
      'pipe.yaml:4: nodes.split: no receiver reaches this node',
      'pipe.yaml:9: connections[2].from: "rcv" has no output port "other", but default',
      'pipe.yaml:10: connections[3].from: output port "default" of "rcv" is connected already; use a fanout',
    ]);
  });

  it.each([
    ['', 'pipe.yaml: a pipeline file is a map with nodes and connections'],
    ['nodes: [', /pipe.yaml:1: .*flow/i],
    ['nodes: {a: 1, a: 2}\nconnections: []', /pipe.yaml:1: Map keys must be unique/],
    ['nodes: {}\nconnections: []', /nodes: a pipeline needs nodes/],
    ['nodes: {exp: {type: exporter:exp}}\nconnections: []', /nodes: a pipeline needs a receiver/],
    ['nodes: {"a:b": {type: exporter:exp}}\nconnections: []', /an id is letters, digits/],
    ['nodes: {a: {type: exporter:exp}}\nconnections: []\nextra: 1', /Unrecognized key: "extra"/],
  ])('is refused with a reason: %j', (text, expected) => {
    const found = problems(text).join('\n');
    if (typeof expected === 'string') expect(found).toBe(expected);
    else expect(found).toMatch(expected);
  });

  it('may be no larger than its bounds', () => {
    const nodes = Array.from({ length: 1_001 }, (_, i) => `  n${i}: { type: exporter:exp }`).join('\n');
    expect(problems(`nodes:\n${nodes}\nconnections: []\n`)[0]).toBe(
      'pipe.yaml:1: nodes: 1001 nodes, at most 1000 are allowed',
    );
  });
});
