/** Whether items that a node gave up were meant to go (a filter's, a sampler's work) or are lost. */
const BY_DESIGN =
  /^(filter(ed)?|sampl(ed|ing|er)|not_sampled|unmatched|no_match|by_design|rate_limit(ed|ing)?|discarded?|dedup(licated)?)\b/;

export function isByDesign(reason: string): boolean {
  return BY_DESIGN.test(reason);
}
