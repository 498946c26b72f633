/**
 * Holds the arrows between folders: who may import whom. An allow-list; a known debt stands in DEBTS with its reason,
 * so that the list only shrinks. Reads imports as text (static, dynamic, type-only), which is enough for this tree.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

/** Layers of `lib`, lowest first; names on one line do not import each other. */
const LIB_LAYERS = [
  ['base'],
  ['semconv'],
  ['otlp', 'histogram', 'sampling', 'opamp'],
  ['model'],
  ['dialects'],
  ['store', 'metrics', 'topology', 'traces', 'diagnosis'],
  ['api'],
  ['server', 'client'],
] as const;

/** Arrows between siblings, with the reason for each. */
const SIBLINGS: Readonly<Record<string, string>> = {
  'opamp→sampling': 'the remote configuration carries the tail sampling configuration',
  'metrics→store': 'reads series',
  'topology→store': 'reads series',
  'topology→metrics': 'one definition of a figure serves the map and the charts',
  'diagnosis→store': 'reads series',
  'diagnosis→topology': 'judges the figures of the map',
  'traces→store': 'reads the columns of a trace',
};

/** What the answers of the HTTP surface are made of: pure functions below `api` may return its types. */
const ANSWER_MAKERS = new Set(['dialects', 'store', 'metrics', 'topology', 'traces', 'diagnosis']);

const ENGINE_ORDER = ['core', 'telemetry', 'nodes', 'management', 'main'] as const;
const ENGINE_LIB = new Set(['base', 'semconv', 'otlp', 'histogram', 'sampling', 'opamp']);
const FEATURES = ['topology', 'traces', 'waterfall', 'metrics', 'control', 'settings', 'shell'];

const DEBTS: Readonly<Record<string, string>> = {};

function sourceFiles(dir: string): string[] {
  return readdirSync(path.join(ROOT, dir), { withFileTypes: true }).flatMap((entry) => {
    const file = `${dir}/${entry.name}`;
    if (entry.isDirectory()) return sourceFiles(file);
    return /\.(ts|tsx|mts)$/.test(entry.name) ? [file] : [];
  });
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8');
  const found: Import[] = [];
  const pattern =
    /^\s*(?:import|export)\s+(type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/gm;
  for (const match of text.matchAll(pattern)) {
    const target = match[2] ?? match[3] ?? '';
    const resolved = resolveImport(file, target);
    if (resolved) found.push({ from: file, to: resolved, typeOnly: match[1] !== undefined });
  }
  return found;
}

function resolveImport(from: string, target: string): string | null {
  if (target.startsWith('@/')) return target.slice(2);
  if (target.startsWith('.')) return path.posix.normalize(`${path.posix.dirname(from)}/${target}`);
  return null;
}

const FILES = ['app', 'components', 'lib', 'engine'].flatMap(sourceFiles);
/** Tests and benches may reach for anything that they measure. */
const isTest = (file: string) => /\.test\.tsx?$|\/testing\/|\/fixtures\/|^(?:lib|engine)\/bench\//.test(file);
const IMPORTS = FILES.filter((file) => !isTest(file)).flatMap(importsOf);

function part(file: string, index: number): string {
  return file.split('/')[index] ?? '';
}

function libLayer(folder: string): number {
  return LIB_LAYERS.findIndex((layer) => (layer as readonly string[]).includes(folder));
}

function libViolation({ from, to, typeOnly }: Import): string | null {
  if (part(to, 0) !== 'lib') return 'lib imports lib only';
  const [source, target] = [part(from, 1), part(to, 1)];
  if (source === target) return null;
  const [sourceLayer, targetLayer] = [libLayer(source), libLayer(target)];
  if (sourceLayer < 0 || targetLayer < 0) return 'an unknown folder';
  if (targetLayer < sourceLayer) return null;
  if (SIBLINGS[`${source}→${target}`]) return null;
  if (typeOnly && target === 'api' && ANSWER_MAKERS.has(source)) return null;
  return 'against the layers of lib';
}

function engineViolation({ from, to }: Import): string | null {
  if (part(to, 0) === 'lib')
    return ENGINE_LIB.has(part(to, 1)) ? null : 'engine reaches a part of lib that is not for it';
  if (part(to, 0) !== 'engine') return 'engine imports engine and lib only';
  const [source, target] = [part(from, 1), part(to, 1)];
  if (source === target || source === 'bench') return null;
  const order = ENGINE_ORDER as readonly string[];
  if (order.indexOf(target) >= 0 && order.indexOf(target) < order.indexOf(source)) return null;
  return 'against the order of engine';
}

function componentViolation({ from, to }: Import): string | null {
  if (part(to, 0) === 'lib') return part(to, 1) === 'server' ? 'components never reach the server' : null;
  if (part(to, 0) !== 'components') return 'components import components and lib only';
  const [source, target] = [part(from, 1), part(to, 1)];
  if (source === target || target === 'ui') return null;
  return FEATURES.includes(target) ? 'a feature reaches into another' : 'an unknown folder';
}

function appViolation({ to }: Import): string | null {
  return ['app', 'components', 'lib'].includes(part(to, 0)) ? null : 'app imports components and lib only';
}

const RULES: Readonly<Record<string, (edge: Import) => string | null>> = {
  lib: libViolation,
  engine: engineViolation,
  components: componentViolation,
  app: appViolation,
};

describe('the arrows between folders', () => {
  it('hold everywhere', () => {
    const broken = IMPORTS.flatMap((edge) => {
      const reason = RULES[part(edge.from, 0)]?.(edge);
      const arrow = `${edge.from} → ${edge.to}`;
      return reason && !DEBTS[arrow] ? [`${arrow}: ${reason}`] : [];
    });
    expect(broken).toEqual([]);
  });

  it('list no debt that has been paid', () => {
    const arrows = new Set(IMPORTS.map((edge) => `${edge.from} → ${edge.to}`));
    expect(Object.keys(DEBTS).filter((debt) => !arrows.has(debt))).toEqual([]);
  });

  it('form no cycle of values', () => {
    const byFile = new Map<string, string[]>();
    const known = new Set(FILES.map((file) => file.replace(/\.(ts|tsx|mts)$/, '')));
    for (const edge of IMPORTS) {
      if (edge.typeOnly) continue;
      const from = edge.from.replace(/\.(ts|tsx|mts)$/, '');
      if (known.has(edge.to)) byFile.set(from, [...(byFile.get(from) ?? []), edge.to]);
    }
    expect(findCycle(byFile)).toEqual([]);
  });
});

describe('files', () => {
  it('are small, or say in their head why not', () => {
    const long = FILES.filter((file) => !isTest(file) && !file.endsWith('_pb.ts')).filter((file) => {
      const text = readFileSync(path.join(ROOT, file), 'utf8');
      return text.split('\n').length > 300 && !/^(?:'use client';\s*)?\/\*\*/.test(text);
    });
    expect(long).toEqual([]);
  });

  it('export by name, but where Next wants a default', () => {
    const defaults = FILES.filter((file) => !file.startsWith('app/')).filter((file) =>
      /^export default/m.test(readFileSync(path.join(ROOT, file), 'utf8')),
    );
    expect(defaults).toEqual([]);
  });

  it('keep pages and handlers to 40 lines', () => {
    const long = FILES.filter((file) => /^app\/.*(page|route)\.tsx?$/.test(file)).filter(
      (file) => readFileSync(path.join(ROOT, file), 'utf8').trimEnd().split('\n').length > 40,
    );
    expect(long).toEqual([]);
  });
});

/** The files of one cycle, or none: depth-first with three colours. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): string[] => {
    const at = path.indexOf(file);
    if (at >= 0) return [...path.slice(at), file];
    if (done.has(file)) return [];
    path.push(file);
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next);
      if (cycle.length > 0) return cycle;
    }
    path.pop();
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const cycle = visit(file);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
