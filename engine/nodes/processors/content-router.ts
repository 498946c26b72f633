import { z } from 'zod';
import type { Part } from '@/engine/core/node';
import { payloadFromData } from '@/engine/core/payload-otlp';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { attributeOf, scalarText } from '../attribute-value';
import { configChange } from '../config-change';
import { defineProcessor } from '../define';
import { selectItems, visitItems } from '../items';

const port = z.string().min(1).max(64);
const config = z.strictObject({
  /** Attribute of the item, its scope or its resource; nearest wins. */
  attribute: z.string().min(1),
  /** Port by value. */
  routes: z
    .record(z.string(), port)
    .refine((routes) => Object.keys(routes).length <= 256, 'more than 256 routes'),
  /** Where everything else goes. */
  default_port: port.default(DEFAULT_PORT),
});
type RouterConfig = z.infer<typeof config>;

function portsOf({ routes, default_port }: RouterConfig): string[] {
  return [...new Set([...Object.values(routes), default_port])];
}

/** Items to ports by the value of an attribute; a batch of several values is split. */
export const contentRouter = defineProcessor({
  typeId: 'content_router',
  config,
  ports: portsOf,
  create(initial) {
    let current = initial;
    return {
      process(hop) {
        const data = hop.pdata.payload.decoded();
        const chosen: string[] = [];
        visitItems(data, (item) => {
          const value = attributeOf(item, current.attribute);
          const text = value === undefined ? null : scalarText(value);
          const route =
            text !== null && Object.hasOwn(current.routes, text) ? current.routes[text] : undefined;
          chosen.push(route ?? current.default_port);
        });
        const counts = new Map<string, number>();
        for (const name of chosen) counts.set(name, (counts.get(name) ?? 0) + 1);
        const parts: Part[] = [];
        for (const [name, items] of counts) {
          const whole = counts.size === 1;
          const payload = whole
            ? hop.pdata.payload
            : payloadFromData(selectItems(data, (at) => chosen[at] === name));
          parts.push({ port: name, payload, items });
        }
        const [only, ...others] = parts;
        if (!only) return;
        return others.length === 0 ? hop.forward(only.port, only.payload, only.items) : hop.split(parts);
      },
      control(message) {
        current = configChange(config, message) ?? current;
      },
    };
  },
});
