/** Where the pipeline comes from: a file, or the demo, which brings its own destination and a place for its archive. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Random } from '@/lib/base/random';
import { err, ok, type Result } from '@/lib/base/result';
import { startDemoSink } from './demo-sink';

export interface PipelineText {
  readonly file: string;
  readonly text: string;
  /** The environment with what the pipeline may refer to. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends what was started for it. */
  close(): Promise<void>;
}

export async function readPipeline(file: string): Promise<Result<PipelineText, string>> {
  const text = await readText(file);
  if (!text.ok) return err(`cannot read the pipeline ${file}: ${text.error}`);
  return ok({ file, text: text.value, env: process.env, close: async () => undefined });
}

/** Beside this module, or where the sources are when it has been bundled into `dist`. */
const DEMO_FILES = ['./demo.yaml', '../engine/main/demo.yaml'];

export async function readDemo(random: Random): Promise<Result<PipelineText, string>> {
  for (const name of DEMO_FILES) {
    const file = fileURLToPath(new URL(name, import.meta.url));
    const text = await readText(file);
    if (!text.ok) continue;
    const sink = await startDemoSink(random);
    const dir = await mkdtemp(path.join(tmpdir(), 'weir-demo-'));
    return ok({
      file: 'demo.yaml',
      text: text.value,
      env: { ...process.env, WEIR_DEMO_SINK: sink.url, WEIR_DEMO_DIR: dir },
      async close() {
        sink.close();
        await rm(dir, { recursive: true, force: true });
      },
    });
  }
  return err('the demo pipeline is not there: start the engine from the project, or name a pipeline file');
}

async function readText(file: string): Promise<Result<string, string>> {
  try {
    return ok(await readFile(file, 'utf8'));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT') return err('there is no such file');
    if (code === 'EISDIR') return err('it is a folder');
    return err(error instanceof Error ? error.message : String(error));
  }
}
