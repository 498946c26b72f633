/** `npm run replay -- <folder or file>… [--speed 10] [--to URL] [--api URL] [--as name]`, and `npm run import -- <file>…`. */
import { err, ok, type Result } from '@/lib/base/result';

export interface ReplayArgs {
  readonly mode: 'replay' | 'import';
  readonly paths: readonly string[];
  /** Distances in time are divided by it; null: as fast as it goes. */
  readonly speed: number | null;
  /** Where agents talk to, and where people and scripts do. */
  readonly agentUrl: string;
  readonly apiUrl: string;
  /** Another `service.name` for what is sent, so that it is not taken for an engine that is there. */
  readonly as: string | null;
}

export const USAGE = [
  'npm run replay -- <folder or file>… [--speed 10 | --speed max] [--as name] [--to http://127.0.0.1:4318] [--api http://127.0.0.1:3000]',
  'npm run import -- <file>… [--as name] [--to …] [--api …]',
].join('\n       ');

export type Environment = Readonly<Record<string, string | undefined>>;

const MAX_SPEED = 10_000;
const VALUED = ['--speed', '--to', '--api', '--as'] as const;

export function parseReplayArgs(args: readonly string[], env: Environment): Result<ReplayArgs, string> {
  const values = new Map<string, string>();
  const paths: string[] = [];
  let mode: ReplayArgs['mode'] = 'replay';
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] as string;
    if (arg === '--import') mode = 'import';
    else if ((VALUED as readonly string[]).includes(arg)) {
      const value = args[++i];
      if (value === undefined || value.startsWith('--')) return err(`${arg} wants a value`);
      values.set(arg, value);
    } else if (arg.startsWith('--')) return err(`there is no ${arg}`);
    else paths.push(arg);
  }
  if (paths.length === 0) return err('say which folder or file');
  const given = values.get('--speed');
  if (mode === 'import' && given !== undefined)
    return err('what is imported keeps its times: --speed is for replay');
  const speed = given === undefined ? undefined : given === 'max' ? null : Number(given);
  if (typeof speed === 'number' && !(speed > 0 && speed <= MAX_SPEED))
    return err(`--speed ${given}: a number above 0 up to ${MAX_SPEED}, or max`);
  const host = visible(env.WEIR_HOST || '127.0.0.1');
  const agentUrl = values.get('--to') ?? env.WEIR_URL ?? `http://${host}:${env.WEIR_OTLP_PORT || '4318'}`;
  const apiUrl = values.get('--api') ?? `http://${host}:${env.PORT || '3000'}`;
  const bad = [agentUrl, apiUrl].find((url) => !URL.canParse(url));
  if (bad !== undefined) return err(`${bad} is no URL`);
  return ok({
    mode,
    paths,
    speed: mode === 'import' ? null : speed === undefined ? 1 : speed,
    agentUrl: bare(agentUrl),
    apiUrl: bare(apiUrl),
    as: values.get('--as') ?? null,
  });
}

function visible(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function bare(url: string): string {
  return url.replace(/\/+$/, '');
}
