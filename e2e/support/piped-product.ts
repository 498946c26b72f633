/** A product whose engine runs a pipeline that writes into a folder; both are gone after the tests of the file. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createProduct, type Product } from './product';

export interface PipedProduct {
  readonly product: Product;
  readonly folder: string;
  stop(): Promise<void>;
}

/** `pipeline` gives the YAML for a folder to write to and the port of its OTLP receiver. */
export async function startPiped(pipeline: (folder: string, port: string) => string): Promise<PipedProduct> {
  const folder = await mkdtemp(path.join(tmpdir(), 'weir-e2e-'));
  const product = await createProduct();
  await product.startServer();
  const file = path.join(folder, 'pipeline.yaml');
  await writeFile(file, pipeline(folder, new URL(product.receiverUrl).port));
  await product.startEngine([file]);
  return {
    product,
    folder,
    async stop() {
      await product.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
