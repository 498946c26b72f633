import { z } from 'zod';
import { payloadFromData } from '@/engine/core/payload-otlp';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { attributeActionSchema, changeAttributes } from '../attribute-actions';
import { configChange } from '../config-change';
import { defineProcessor } from '../define';
import { mapItemAttributes, mapResourceAttributes } from '../map-attributes';

const config = z.strictObject({
  actions: z.array(attributeActionSchema).max(64),
  /** Whose attributes: each item's, or its resource's. */
  on: z.enum(['item', 'resource']).default('item'),
});

/** Inserts, updates, upserts, deletes and renames attributes. */
export const attributes = defineProcessor({
  typeId: 'attributes',
  config,
  ports: () => [DEFAULT_PORT],
  create(initial) {
    let current = initial;
    return {
      process(hop) {
        const { actions, on } = current;
        let touched = false;
        const change: Parameters<typeof mapItemAttributes>[1] = (list) => {
          const changed = changeAttributes(list, actions);
          if (changed !== list) touched = true;
          return changed;
        };
        const map = on === 'item' ? mapItemAttributes : mapResourceAttributes;
        const changed = map(hop.pdata.payload.decoded(), change);
        return touched ? hop.forward(DEFAULT_PORT, payloadFromData(changed)) : hop.forward(DEFAULT_PORT);
      },
      control(message) {
        current = configChange(config, message) ?? current;
      },
    };
  },
});
