import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { createNodeTypes } from '@/engine/core/node-types';
import { formatProblem } from '@/engine/core/pipeline-api';
import { parsePipeline } from '@/engine/core/pipeline-yaml';
import { ALL_NODES } from '@/engine/nodes/all-nodes';
import { createRandom } from '@/lib/base/random';
import { SCENARIOS } from '@/lib/opamp/scenarios';
import { sinkAnswer } from './demo-sink';

const types = createNodeTypes(ALL_NODES);
const env = { WEIR_DEMO_SINK: 'http://127.0.0.1:1', WEIR_DEMO_DIR: '/tmp' };

async function demo() {
  const text = await readFile(new URL('./demo.yaml', import.meta.url), 'utf8');
  const config = parsePipeline(text, { file: 'demo.yaml', nodeTypes: types, env });
  if (!config.ok) throw new Error(config.error.map(formatProblem).join('\n'));
  return config.value;
}

describe('the demo pipeline', () => {
  it('is valid, of about ten nodes and every kind', async () => {
    const { nodes } = await demo();
    expect(nodes.length).toBeGreaterThanOrEqual(10);
    expect(new Set(nodes.map(({ type }) => type.kind))).toEqual(
      new Set(['receiver', 'processor', 'exporter']),
    );
  });

  it('has the nodes and channels that scenarios change, and takes their configurations', async () => {
    const { nodes } = await demo();
    for (const scenario of SCENARIOS) {
      for (const [id, change] of Object.entries(scenario.nodes)) {
        const node = nodes.find((one) => one.id === id);
        const parsed = node?.type.config.safeParse({ ...node.rawConfig, ...change.config });
        expect(parsed?.success, `${scenario.name}: ${id}`).toBe(true);
      }
      for (const channel of Object.keys(scenario.channels))
        expect(nodes.map(({ id }) => `pdata:${id}`)).toContain(channel);
    }
  });
});

describe('the demo destination', () => {
  it('refuses a small share of what goes to main, some of it for good, and nothing else', () => {
    const random = createRandom(1);
    const answers = Array.from({ length: 10_000 }, () => sinkAnswer('/main/v1/logs', random)?.status);
    expect(answers.filter((status) => status === 503).length / 10_000).toBeCloseTo(0.02, 2);
    expect(answers.filter((status) => status === 400).length / 10_000).toBeCloseTo(0.012, 2);
    expect(sinkAnswer('/slow/v1/traces', { next: () => 0, nextUint32: () => 0 })).toBeNull();
  });
});
