import { z } from 'zod';
import { configChange } from '../config-change';
import { defineExporter } from '../define';
import { serve, serviceTimeFields } from '../service-time';

const config = z.strictObject(serviceTimeFields);

/** Delivers to nowhere, taking as long as it is told to. */
export const noop = defineExporter({
  typeId: 'noop',
  config,
  create(initial, node) {
    let current = initial;
    return {
      process(hop) {
        const busy = serve(current, node);
        return busy ? busy.then(() => hop.deliver()) : hop.deliver();
      },
      control(message) {
        current = configChange(config, message) ?? current;
      },
    };
  },
});
