import { z } from 'zod';
import { configChange } from '../config-change';
import { defineExporter } from '../define';
import { serve, serviceTimeFields } from '../service-time';

const config = z.strictObject({
  ...serviceTimeFields,
  message: z.string().min(1).max(500).default('the error exporter refuses everything'),
  permanent: z.boolean().default(true),
});

/** A destination that refuses every batch. */
export const error = defineExporter({
  typeId: 'error',
  config,
  create(initial, node) {
    let current = initial;
    return {
      process(hop) {
        const refuse = () => hop.nack(current.message, { permanent: current.permanent });
        const busy = serve(current, node);
        return busy ? busy.then(refuse) : refuse();
      },
      control(message) {
        current = configChange(config, message) ?? current;
      },
    };
  },
});
