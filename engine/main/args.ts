import { err, ok, type Result } from '@/lib/base/result';
import { findScenario, SCENARIOS, type Scenario } from '@/lib/opamp/scenarios';

export interface EngineArgs {
  /** Null: the demo pipeline. */
  readonly pipeline: string | null;
  readonly scenario: Scenario | null;
}

export const USAGE = 'usage: npm run engine -- [pipeline.yaml] [--scenario <name>]';

export function parseArgs(args: readonly string[]): Result<EngineArgs, string> {
  let pipeline: string | null = null;
  let scenario: Scenario | null = null;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--scenario') {
      const name = args[++at] ?? '';
      const found = findScenario(name);
      if (!found) {
        const names = SCENARIOS.map((one) => one.name).join(', ');
        return err(`no scenario ${name === '' ? 'is named' : `"${name}"`}: there are ${names}`);
      }
      scenario = found;
    } else if (arg.startsWith('-')) {
      return err(`unknown option ${arg}; ${USAGE}`);
    } else if (pipeline !== null) {
      return err(`one pipeline at a time; ${USAGE}`);
    } else {
      pipeline = arg;
    }
  }
  if (scenario && pipeline) return err('scenarios belong to the demo pipeline: leave the file out');
  return ok({ pipeline, scenario });
}
