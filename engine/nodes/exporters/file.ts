import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { configChange } from '../config-change';
import { defineExporter } from '../define';
import { otlpJsonLine } from '../otlp-json';
import { serve, serviceTimeFields } from '../service-time';

const config = z.strictObject({
  ...serviceTimeFields,
  path: z.string().min(1),
  /** When the file has grown so large, it becomes `<path>.1` (what that was is gone) and a new one begins. */
  max_bytes: z
    .number()
    .int()
    .min(1_024)
    .default(256 * 1_024 * 1_024),
});

/** OTLP JSON lines, one export request a line, as the Collector's file exporter writes them. */
export const file = defineExporter({
  typeId: 'file',
  config,
  create(initial, node) {
    let current = initial;
    let handle: FileHandle | null = null;
    let size = 0;
    /** Writes follow each other, whatever the concurrency. */
    let turn: Promise<void> = Promise.resolve();

    const close = async () => {
      const open = handle;
      handle = null;
      await open?.close();
    };
    const append = async (line: string): Promise<void> => {
      if (handle && size + line.length > current.max_bytes) {
        await close();
        await rename(current.path, `${current.path}.1`);
      }
      if (!handle) {
        await mkdir(path.dirname(current.path), { recursive: true });
        handle = await open(current.path, 'a');
        size = (await handle.stat()).size;
      }
      await handle.appendFile(line);
      size += Buffer.byteLength(line);
    };
    const inTurn = (work: () => Promise<void>): Promise<void> => {
      const done = turn.then(work);
      turn = done.catch(() => undefined);
      return done;
    };

    return {
      async process(hop) {
        const line = otlpJsonLine(hop.pdata.payload.decoded());
        const busy = serve(current, node);
        if (busy) await busy;
        try {
          await inTurn(() => append(line));
          hop.deliver();
        } catch (error) {
          await inTurn(close);
          hop.nack(error instanceof Error ? error.message : String(error));
        }
      },
      async control(message) {
        const next = configChange(config, message);
        if (!next) return;
        if (next.path !== current.path) await inTurn(close);
        current = next;
      },
      stop: () => inTurn(close),
    };
  },
});
