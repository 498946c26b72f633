/** Which way of speaking a source has, from what it says of itself and the names of its scopes. */
import type { DialectName } from '@/lib/model/engine';
import type { MetricsData, Resource, Scope } from '@/lib/otlp/types';
import { ATTR } from '@/lib/semconv/attributes';
import { textOf } from './attributes';

/** Metric sets (scope names) that only the OTAP engine has. */
const OTAP_SCOPES =
  /^(channel\.(sender|receiver)|node\.(consumer|producer)|pipeline\.(completion|runtime_control)|engine|tokio\.runtime|otap\..*|receiver\.otlp\..*|exporter\.exports|processor\.compute)$/;
const COLLECTOR_SCOPE =
  /^(go\.opentelemetry\.io\/collector\/|github\.com\/open-telemetry\/opentelemetry-collector)/;
const WEIR_SCOPE = /^(otel\.(receiver|processor|exporter)\.|dataflow(\.|$))/;

/**
 * `scopes` are those of one request of that resource. `spans` where nothing is recognised: a caller that asked
 * before and knows better keeps what it knew.
 */
export function dialectFor(
  resource: Resource | undefined,
  scopes: readonly (Scope | undefined)[],
): DialectName {
  if (textOf(resource?.attributes, ATTR.pipelineId) !== '') return 'weir';
  for (const scope of scopes) {
    if (!scope) continue;
    if (COLLECTOR_SCOPE.test(scope.name)) return 'collector';
    if (textOf(scope.attributes, 'pipeline.group.id') !== '') return 'otap';
    if (WEIR_SCOPE.test(scope.name) && textOf(scope.attributes, 'node.urn') === '') return 'weir';
    if (textOf(scope.attributes, 'node.urn') !== '' || OTAP_SCOPES.test(scope.name)) return 'otap';
    if (textOf(scope.attributes, 'otelcol.component.kind') !== '') return 'collector';
  }
  return 'spans';
}

/** Metric names settle it where a scope says nothing (a Collector without its feature gate, a relayed scrape). */
export function dialectOfMetrics(
  resource: Resource | undefined,
  scopeMetrics: MetricsData['resourceMetrics'][number]['scopeMetrics'],
): DialectName {
  const byScope = dialectFor(
    resource,
    scopeMetrics.map((part) => part.scope),
  );
  if (byScope !== 'spans') return byScope;
  for (const { metrics } of scopeMetrics) {
    for (const { name } of metrics) {
      if (name.startsWith('dataflow.')) return 'weir';
      if (name.startsWith('otelcol_') || name.startsWith('otelcol.')) return 'collector';
    }
  }
  return 'spans';
}
