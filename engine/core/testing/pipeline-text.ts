/**
 * Pipelines as text, for tests: lines of arrows, an id's letters are its type, options stand in brackets.
 *
 *   gen -> split -> exp1(delayMs=5, capacity=2)
 *   split:b -> exp2(concurrency=3)
 */

import type { NodeTypes } from '../pipeline-api';
import { checkPipeline } from '../pipeline-check';
import type { PipelineConfig } from '../pipeline-config';

const NODE_KEYS = ['concurrency', 'capacity'];

export function pipelineFromText(text: string, types: NodeTypes): PipelineConfig {
  const checked = checkPipeline(documentFromText(text, types), types, 'test');
  if (checked.ok) return checked.value;
  throw new Error(checked.error.map(({ path, reason }) => `${path.join('.')}: ${reason}`).join('\n'));
}

/** What the same pipeline would be as YAML, unchecked. */
export function documentFromText(text: string, types: NodeTypes): unknown {
  const nodes: Record<string, Record<string, unknown>> = {};
  const connections: { from: string; to: string }[] = [];
  for (const line of text.split(/[\n;]/)) {
    if (line.trim() === '') continue;
    const ends = line.split('->').map((term) => readTerm(term.trim()));
    for (const { id, options } of ends) {
      nodes[id] = { ...nodeOf(id, types), ...nodes[id], ...options };
    }
    for (let i = 1; i < ends.length; i++) {
      const from = ends[i - 1];
      const to = ends[i];
      if (from && to) connections.push({ from: from.port ? `${from.id}:${from.port}` : from.id, to: to.id });
    }
  }
  return { nodes, connections };
}

function nodeOf(id: string, types: NodeTypes): { type: string } {
  const typeId = id.replace(/[-0-9].*$/, '');
  const urn = [...types.keys()].find((known) => known.endsWith(`:${typeId}`));
  return { type: urn ?? `urn:otel:processor:${typeId}` };
}

function readTerm(term: string) {
  const match = /^([\w-]+)(?:\(([^)]*)\))?(?::([\w-]+))?$/.exec(term);
  if (!match) throw new Error(`cannot read "${term}"`);
  const [, id = '', written = '', port] = match;
  const config: Record<string, unknown> = {};
  const options: Record<string, unknown> = {};
  for (const pair of written.split(',')) {
    const [key = '', value = ''] = pair.split('=').map((side) => side.trim());
    if (key === '') continue;
    (NODE_KEYS.includes(key) ? options : config)[key] = JSON.parse(value);
  }
  if (Object.keys(config).length > 0) options.config = config;
  return { id, port, options };
}
