import { z } from 'zod';
import { DEFAULT_PORT } from '@/lib/semconv/signals';
import { configChange } from '../config-change';
import { defineProcessor } from '../define';
import { serve, serviceTimeFields } from '../service-time';

const config = z.strictObject(serviceTimeFields);

/** Works on each batch for a while, and passes it on. */
export const delay = defineProcessor({
  typeId: 'delay',
  config,
  ports: () => [DEFAULT_PORT],
  create(initial, node) {
    let current = initial;
    return {
      process(hop) {
        const busy = serve(current, node);
        return busy ? busy.then(() => hop.forward(DEFAULT_PORT)) : hop.forward(DEFAULT_PORT);
      },
      control(message) {
        current = configChange(config, message) ?? current;
      },
    };
  },
});
