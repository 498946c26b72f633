/**
 * Whether items that a node gave up were meant to go (a filter's, a sampler's work) or are lost. The type of the node
 * says it first: a filter's reasons are named by whoever configured it. What any node does by mistake is a loss there too.
 */
import { parseUrn } from '@/lib/semconv/urn';

const REDUCING_TYPES = /filter|sampl|dedup/;
const NEVER_MEANT = /^(fault|error|failed|shutdown|deadline|forced|timeout|overflow|other|queue_full)$/;
const MEANT =
  /^(filter(ed)?|sampl(ed|ing|er)|not_sampled|by_design|rate_limit(ed|ing)?|discarded?|dedup(licated)?)$/;

/** `type` is a URN or a plain type; empty where it is not known. */
export function isByDesign(type: string, reason: string): boolean {
  if (NEVER_MEANT.test(reason)) return false;
  return REDUCING_TYPES.test(parseUrn(type)?.typeId ?? type) || MEANT.test(reason);
}
