/** The Collector's logs: those of a component that have an event name, by the id that the map has for it. */
import type { Fact, FactAttributes } from '@/lib/model/facts';
import type { AnyValue } from '@/lib/otlp/types';
import { ATTR } from '@/lib/semconv/attributes';
import { textOf } from './attributes';
import { exporterNode } from './collector-knowledge';
import type { DialectState, ResourceLogs } from './dialect';
import { instanceId } from './instance-id';
import { nodeEntity } from './metric-facts';
import { eventFact } from './weir-logs';

const NO_ATTRIBUTES: FactAttributes = {};
/** What an exporter says of an attempt; the Collector counts it only once it gives up. */
const ATTEMPT_FAILED = /^Exporting failed\./;

export function collectorLogFacts(logs: ResourceLogs, state: DialectState): Fact[] {
  return [...eventFacts(logs), ...failedAttempts(logs, state)];
}

function failedAttempts(logs: ResourceLogs, state: DialectState): Fact[] {
  return logs.scopeLogs.flatMap(({ scope, logRecords }) => {
    const component = textOf(scope?.attributes, ATTR.componentId);
    if (component === '' || textOf(scope?.attributes, ATTR.componentKind) !== 'exporter') return [];
    const node = exporterNode(state.collector, component);
    return logRecords.flatMap((record): Fact[] =>
      ATTEMPT_FAILED.test(bodyText(record.body))
        ? [
            {
              kind: 'gauge',
              entity: nodeEntity(node),
              measure: 'export_failing',
              attributes: NO_ATTRIBUTES,
              timeNano: record.timeUnixNano > 0n ? record.timeUnixNano : record.observedTimeUnixNano,
              value: 1,
            },
          ]
        : [],
    );
  });
}

function bodyText(body: AnyValue | undefined): string {
  return body && 'stringValue' in body ? (body.stringValue ?? '') : '';
}

function eventFacts(logs: ResourceLogs): Fact[] {
  return logs.scopeLogs.flatMap(({ scope, logRecords }) => {
    const component = textOf(scope?.attributes, ATTR.componentId);
    const pipeline = textOf(scope?.attributes, ATTR.componentPipelineId);
    return logRecords
      .filter((record) => record.eventName !== '')
      .map((record): Fact => {
        const fact = eventFact(scope, record);
        return fact.kind === 'event' && component !== ''
          ? { ...fact, node: instanceId(component, pipeline) }
          : fact;
      });
  });
}
