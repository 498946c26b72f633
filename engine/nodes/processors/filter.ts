import { z } from 'zod';
import { payloadFromData } from '@/engine/core/payload-otlp';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { compileCondition, conditionFields, conditionProblem } from '../conditions';
import { configChange } from '../config-change';
import { defineProcessor } from '../define';
import { type Item, selectItems, visitItems } from '../items';

const rule = z
  .strictObject({
    /** What the drop is counted as. */
    reason: z
      .string()
      .regex(/^[a-z0-9_.-]{1,64}$/, 'a reason is made of a-z, 0-9, _ . and -')
      .default('filtered'),
    ...conditionFields,
  })
  .superRefine((condition, context) => {
    const problem = conditionProblem(condition);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });

const config = z.strictObject({
  /** An item that one of them matches is dropped, and counted by that rule's reason; the first one that matches counts. */
  drop: z.array(rule).min(1).max(64),
});
type FilterConfig = z.infer<typeof config>;

type Judge = (item: Item) => string | null;

function compile({ drop }: FilterConfig): Judge {
  const rules = drop.map(({ reason, ...condition }) => ({ reason, matches: compileCondition(condition) }));
  return (item) => rules.find(({ matches }) => matches(item))?.reason ?? null;
}

/** Drops items by conditions on attributes, severity and name. */
export const filter = defineProcessor({
  typeId: 'filter',
  config,
  ports: () => [DEFAULT_PORT],
  create(initial) {
    let judge = compile(initial);
    return {
      process(hop) {
        const data = hop.pdata.payload.decoded();
        const dropped = new Set<number>();
        const counts = new Map<string, number>();
        let index = 0;
        visitItems(data, (item) => {
          const reason = judge(item);
          if (reason !== null) {
            dropped.add(index);
            counts.set(reason, (counts.get(reason) ?? 0) + 1);
          }
          index++;
        });
        for (const [reason, items] of counts) hop.drop(items, reason);
        const left = hop.pdata.items - dropped.size;
        if (dropped.size === 0) return hop.forward(DEFAULT_PORT);
        if (left === 0) return;
        const kept = payloadFromData(selectItems(data, (at) => !dropped.has(at)));
        return hop.forward(DEFAULT_PORT, kept, left);
      },
      control(message) {
        const next = configChange(config, message);
        if (next) judge = compile(next);
      },
    };
  },
});
