/** An engine's effective configuration, whichever it is, as declared topology. What cannot be read says why. */
import { parse } from 'yaml';
import { err, ok, type Result } from '@/lib/base/result';
import type { DialectName } from '@/lib/model/engine';
import { collectorTopology } from './collector-config';
import type { DeclaredTopology } from './declared-topology';
import { otapTopology } from './otap-config';

/** Configurations beyond this are not read: hand-written ones are a thousandth of it. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_ALIASES = 100;

export interface EffectiveTopology {
  readonly dialect: DialectName;
  readonly topology: DeclaredTopology;
  /** As parsed: for what a dialect has to know beyond the map. Unredacted. */
  readonly config: unknown;
}

/** Null where it reads well and is of no known engine. */
export function effectiveTopology(body: Uint8Array): Result<EffectiveTopology | null, string> {
  if (body.length > MAX_BYTES) return err(`it is larger than ${MAX_BYTES >> 20} MiB`);
  const read = parsed(new TextDecoder().decode(body));
  if (!read.ok) return read;
  const config = read.value;
  if (holdsItself(config)) return err('an alias in it stands inside of what it names');
  const otap = otapTopology(config);
  if (otap) return ok({ dialect: 'otap', topology: otap, config });
  const collector = collectorTopology(config);
  return ok(collector ? { dialect: 'collector', topology: collector, config } : null);
}

/** Aliases of YAML can make a document that is its own part; nothing after this expects one. */
function holdsItself(value: unknown): boolean {
  const open = new Set<object>();
  const done = new Set<object>();
  const walk = (at: unknown): boolean => {
    if (typeof at !== 'object' || at === null || done.has(at)) return false;
    if (open.has(at)) return true;
    open.add(at);
    const found = Object.values(at).some(walk);
    open.delete(at);
    done.add(at);
    return found;
  };
  return walk(value);
}

function parsed(text: string): Result<unknown, string> {
  try {
    return ok(
      text.trimStart().startsWith('{') ? JSON.parse(text) : parse(text, { maxAliasCount: MAX_ALIASES }),
    );
  } catch {
    // A parser's message quotes the text around the fault, and that may be a credential.
    return err('it is neither JSON nor YAML that can be read');
  }
}
