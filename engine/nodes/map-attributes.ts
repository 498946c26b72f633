import type { OtlpData } from '@/engine/core/payload';
import { assertUnreachable } from '@/lib/base/assert';
import type { KeyValue, Resource } from '@/lib/otlp/types';
import { mapPoints } from './items';

type Change = (attributes: readonly KeyValue[]) => readonly KeyValue[];
interface Attributed {
  readonly attributes: readonly KeyValue[];
}

/** The request with the attributes of every item changed: spans, log records, metric points. */
export function mapItemAttributes(data: OtlpData, change: Change): OtlpData {
  const changed = <T extends Attributed>(items: readonly T[]) =>
    items.map((item) => ({ ...item, attributes: change(item.attributes) }));
  switch (data.signal) {
    case 'logs':
      return {
        signal: 'logs',
        data: {
          resourceLogs: data.data.resourceLogs.map((group) => ({
            ...group,
            scopeLogs: group.scopeLogs.map((scoped) => ({
              ...scoped,
              logRecords: changed(scoped.logRecords),
            })),
          })),
        },
      };
    case 'traces':
      return {
        signal: 'traces',
        data: {
          resourceSpans: data.data.resourceSpans.map((group) => ({
            ...group,
            scopeSpans: group.scopeSpans.map((scoped) => ({ ...scoped, spans: changed(scoped.spans) })),
          })),
        },
      };
    case 'metrics':
      return {
        signal: 'metrics',
        data: {
          resourceMetrics: data.data.resourceMetrics.map((group) => ({
            ...group,
            scopeMetrics: group.scopeMetrics.map((scoped) => ({
              ...scoped,
              metrics: scoped.metrics.map((metric) => mapPoints(metric, changed)),
            })),
          })),
        },
      };
    default:
      return assertUnreachable(data);
  }
}

/** The request with the attributes of every resource changed; a resource that was absent comes into being. */
export function mapResourceAttributes(data: OtlpData, change: Change): OtlpData {
  const changed = (resource: Resource | undefined): Resource => ({
    attributes: change(resource?.attributes ?? []),
    droppedAttributesCount: resource?.droppedAttributesCount ?? 0,
  });
  switch (data.signal) {
    case 'logs':
      return {
        signal: 'logs',
        data: {
          resourceLogs: data.data.resourceLogs.map((g) => ({ ...g, resource: changed(g.resource) })),
        },
      };
    case 'traces':
      return {
        signal: 'traces',
        data: {
          resourceSpans: data.data.resourceSpans.map((g) => ({ ...g, resource: changed(g.resource) })),
        },
      };
    case 'metrics':
      return {
        signal: 'metrics',
        data: {
          resourceMetrics: data.data.resourceMetrics.map((g) => ({ ...g, resource: changed(g.resource) })),
        },
      };
    default:
      return assertUnreachable(data);
  }
}
