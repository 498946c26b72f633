/**
 * The figures of a map as text, each entity with the version at which it last changed, so that every reader is sent
 * what moved since its own last event: with 1,000 edges of which 50 move that is a twentieth of the bytes. Readers that
 * stand at the same version share one text.
 *
 *   versions   a 3   b 7   c 7      a reader that was sent version 5 gets b and c
 */
import type { TopologyAnswer } from '@/lib/api/topology';

export interface MovingFigures {
  /** 0 before the first. */
  readonly version: number;
  update(answer: TopologyAnswer): void;
  /** A `StatsUpdate` of what changed after that version; of everything for a reader that was sent none. */
  textSince(version: number): string;
}

interface Entry {
  json: string;
  version: number;
  /** Of the answer that had it last: what the newest answer lacks is forgotten. */
  round: number;
}

export function createMovingFigures(): MovingFigures {
  const groups = {
    nodes: new Map<string, Entry>(),
    edges: new Map<string, Entry>(),
    sparks: new Map<string, Entry>(),
    control: new Map<string, Entry>(),
  };
  const texts = new Map<number, string>();
  let version = 0;
  let round = 0;
  let head = '';

  const take = (group: Map<string, Entry>, id: string, value: unknown) => {
    const json = JSON.stringify(value);
    const known = group.get(id);
    if (known?.json === json) known.round = round;
    else group.set(id, { json, version, round });
  };

  return {
    get version() {
      return version;
    },
    update(answer) {
      version++;
      round++;
      texts.clear();
      for (const { id, stats } of answer.nodes) {
        take(groups.nodes, id, moving(stats));
        take(groups.sparks, id, stats.spark.map(rounded));
      }
      for (const { id, stats } of answer.edges) take(groups.edges, id, moving(stats));
      for (const channel of answer.control) take(groups.control, channel.node, channel);
      for (const group of Object.values(groups)) {
        for (const [id, entry] of group) if (entry.round !== round) group.delete(id);
      }
      const { engine, pipeline, revision, atUnixNano, verdict, findings } = answer;
      head = JSON.stringify({ engine, pipeline, revision, atUnixNano, verdict, findings }).slice(0, -1);
    },
    textSince(since) {
      const known = texts.get(since);
      if (known !== undefined) return known;
      const parts = Object.entries(groups).map(([name, group]) => `"${name}":{${changed(group, since)}}`);
      const text = `${head},${parts.join(',')}}`;
      texts.set(since, text);
      return text;
    },
  };
}

/** Without the sparkline, in digits that can be read. */
function moving(stats: object): Readonly<Record<string, unknown>> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(stats)) {
    if (key !== 'spark') out[key] = rounded(value);
  }
  return out;
}

/** Four significant digits of what is not whole. */
function rounded(value: unknown): unknown {
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  const scale = 10 ** (3 - Math.floor(Math.log10(Math.abs(value))));
  return Number.isFinite(scale) ? Math.round(value * scale) / scale : value;
}

function changed(group: ReadonlyMap<string, Entry>, since: number): string {
  const parts: string[] = [];
  for (const [id, entry] of group) {
    if (entry.version > since) parts.push(`${JSON.stringify(id)}:${entry.json}`);
  }
  return parts.join(',');
}
