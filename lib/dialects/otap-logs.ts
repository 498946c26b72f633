/** The OTAP engine's logs: those that have an event name are events of the node that their scope names. */
import type { Fact } from '@/lib/model/facts';
import type { ResourceLogs } from './dialect';
import { otapNode } from './otap-knowledge';
import { eventFact } from './weir-logs';

export function otapLogFacts(logs: ResourceLogs): Fact[] {
  return logs.scopeLogs.flatMap(({ scope, logRecords }) => {
    const node = otapNode(scope);
    return logRecords
      .filter((record) => record.eventName !== '')
      .map((record): Fact => {
        const fact = eventFact(scope, record);
        return fact.kind === 'event' && node !== '' ? { ...fact, node } : fact;
      });
  });
}
