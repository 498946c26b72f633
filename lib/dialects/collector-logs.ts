/** The Collector's logs: those of a component that have an event name, by the id that the map has for it. */
import type { Fact } from '@/lib/model/facts';
import { ATTR } from '@/lib/semconv/attributes';
import { textOf } from './attributes';
import type { ResourceLogs } from './dialect';
import { instanceId } from './instance-id';
import { eventFact } from './weir-logs';

export function collectorLogFacts(logs: ResourceLogs): Fact[] {
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
