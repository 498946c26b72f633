import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { FINDING_KINDS } from '@/lib/api/topology';
import { startTestServer, type TestServer } from '../testing/test-server';
import { metricFamilies } from './metrics-text';

const FILE = fileURLToPath(new URL('../../../docs/prometheus-alerts.yaml', import.meta.url));

/** The shape of a Prometheus rule file, as far as alerts go. */
const ruleFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Weir[A-Za-z]+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[smh]$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['warning', 'critical']) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string().optional() }),
        }),
      ),
    }),
  ),
});

const rules = ruleFile.parse(parse(readFileSync(FILE, 'utf8'))).groups.flatMap((group) => group.rules);
/** Made by the scraper itself. */
const SCRAPER = new Set(['up']);
const WORDS = new Set(['and', 'or', 'unless', 'by', 'without', 'offset', 'on', 'ignoring', 'bool']);

/** Names outside of braces, brackets, strings and label lists that are neither functions nor words of the language. */
function metricsIn(expression: string): string[] {
  const bare = expression
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, ' ')
    .replace(/\boffset\s+\w+/g, ' ');
  return [...bare.matchAll(/\b[a-zA-Z_:][\w:]*\b(?!\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => !WORDS.has(name));
}

function labelsIn(expression: string): { readonly name: string; readonly value: string }[] {
  return [...expression.matchAll(/\{([^}]*)\}/g)].flatMap(([, inner]) =>
    [...(inner ?? '').matchAll(/(\w+)=~?"([^"]*)"/g)].map(([, name = '', value = '']) => ({ name, value })),
  );
}

describe('the alert rules', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.hub.close());

  it('ask only for metrics that are exposed', () => {
    const exposed = new Set(metricFamilies(server.hub).map(({ name }) => name));
    const asked = rules.flatMap(({ expr }) => metricsIn(expr)).filter((name) => !SCRAPER.has(name));
    expect(asked.length).toBeGreaterThanOrEqual(rules.length - 1);
    expect(asked.filter((name) => !exposed.has(name))).toEqual([]);
  });

  it('name kinds of findings that there are', () => {
    const kinds = rules
      .flatMap(({ expr }) => labelsIn(expr))
      .filter(({ name }) => name === 'kind')
      .flatMap(({ value }) => value.split('|'));
    expect(kinds.length).toBeGreaterThan(5);
    expect(kinds.filter((kind) => !(FINDING_KINDS as readonly string[]).includes(kind))).toEqual([]);
  });

  it('have names of their own and balanced expressions', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { expr } of rules) {
      for (const [open, close] of ['()', '{}', '[]'].map((pair) => [...pair] as [string, string])) {
        expect(expr.split(open).length, expr).toBe(expr.split(close).length);
      }
    }
  });
});
