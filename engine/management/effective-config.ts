/** The pipeline as it runs, in the form of a pipeline file, without its credentials: what OpAMP calls effective. */
import { stringify } from 'yaml';
import type { TopologyBody } from '@/engine/core/telemetry';
import { redactSecrets } from '@/lib/opamp/redact';

export const EFFECTIVE_CONFIG_FILE = 'pipeline.yaml';
export const EFFECTIVE_CONFIG_TYPE = 'text/yaml';

export function effectiveConfig(body: TopologyBody): Uint8Array {
  const nodes = Object.fromEntries(
    body.nodes.map(({ id, type, config, concurrency, faults, state }) => [
      id,
      {
        type,
        ...(isEmpty(config) ? {} : { config: redactSecrets(config) }),
        ...(concurrency === 1 ? {} : { concurrency }),
        ...(isEmpty(faults) ? {} : { faults }),
        ...(state === 'running' ? {} : { state }),
      },
    ]),
  );
  const capacities = Object.fromEntries(
    body.channels.filter(({ id }) => id.startsWith('pdata:')).map(({ id, capacity }) => [id, capacity]),
  );
  const document = {
    pipeline: body.pipeline,
    revision: body.revision,
    nodes,
    connections: body.connections,
    capacities,
  };
  return new TextEncoder().encode(stringify(document));
}

/** The topology event's body without credentials: it leaves the process too. */
export function redactedBody(body: TopologyBody): TopologyBody {
  return { ...body, nodes: body.nodes.map((node) => ({ ...node, config: redactSecrets(node.config) })) };
}

function isEmpty(value: unknown): boolean {
  return (
    typeof value !== 'object' || value === null || Object.values(value).every((one) => one === undefined)
  );
}
