/**
 * Node types are written with their own configuration type; the engine keeps them side by side without it. The cast
 * that forgets it stands here, and only here: the engine always parses with a type's own schema before it creates.
 */
import type { z } from 'zod';
import type { NodeHandle, NodeType, ProcessorNode, ReceiverHandle, ReceiverNode } from '@/engine/core/node';
import { formatUrn } from '@/lib/semconv/urn';

interface Definition<Config> {
  /** `batch` of `urn:otel:processor:batch`. */
  readonly typeId: string;
  readonly stateful?: boolean;
  /** True where a handling stays open until the outcome of what it sent. */
  readonly waitsForOutcome?: boolean;
  readonly changesUnit?: boolean;
  readonly config: z.ZodType<Config>;
  ports(config: Config): readonly string[] | 'any';
}

interface ReceiverDefinition<Config> extends Definition<Config> {
  create(config: Config, node: ReceiverHandle): ReceiverNode;
}

interface ProcessorDefinition<Config> extends Definition<Config> {
  create(config: Config, node: NodeHandle): ProcessorNode;
}

type ExporterDefinition<Config> = Omit<ProcessorDefinition<Config>, 'ports'>;

export function defineReceiver<Config>(definition: ReceiverDefinition<Config>): NodeType {
  return {
    ...definition,
    config: forgotten(definition.config),
    kind: 'receiver',
    stateful: definition.stateful ?? false,
    urn: formatUrn({ kind: 'receiver', typeId: definition.typeId }),
  };
}

export function defineProcessor<Config>(definition: ProcessorDefinition<Config>): NodeType {
  return {
    ...definition,
    config: forgotten(definition.config),
    kind: 'processor',
    stateful: definition.stateful ?? false,
    urn: formatUrn({ kind: 'processor', typeId: definition.typeId }),
  };
}

export function defineExporter<Config>(definition: ExporterDefinition<Config>): NodeType {
  return {
    ...definition,
    config: forgotten(definition.config),
    ports: () => [],
    kind: 'exporter',
    stateful: definition.stateful ?? false,
    urn: formatUrn({ kind: 'exporter', typeId: definition.typeId }),
  };
}

function forgotten<Config>(schema: z.ZodType<Config>): z.ZodType<never> {
  return schema as unknown as z.ZodType<never>;
}
