/**
 * Captures of real engines through the same intake as the server's, at the times at which they were taken. They stand
 * beside the checkout; where they do not, a small excerpt inside it takes their place, and says so.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { createVirtualClock } from '@/lib/base/virtual-clock';
import { textOf } from '@/lib/dialects/attributes';
import { forgetTopology } from '@/lib/dialects/dialect';
import { engineId } from '@/lib/model/engine';
import type { Fact } from '@/lib/model/facts';
import { decodeAgentToServer } from '@/lib/opamp/messages';
import { logsFromJson } from '@/lib/otlp/json-logs';
import { metricsFromJson } from '@/lib/otlp/json-metrics';
import { tracesFromJson } from '@/lib/otlp/json-traces';
import { createSeriesStore, type SeriesReader } from '@/lib/store/series/series-store';
import { type AgentRecord, afterMessage } from '../agents/agent-record';
import { createEngineTelemetry, type EngineTelemetry } from './engine-telemetry';
import { createTelemetryIntake, type TelemetryIntake } from './telemetry-intake';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const WHOLE = join(ROOT, '../shared/fixtures');
const EXCERPT = join(ROOT, 'lib/dialects/fixtures');

export const hasCaptures = existsSync(WHOLE);
if (!hasCaptures) console.log('the captures are not beside the checkout: the excerpt inside it is used');

export const CAPTURES: readonly string[] = hasCaptures
  ? [
      'collector/healthy',
      'collector/slow-exporter',
      'collector/failing-exporter',
      'collector/gate-off',
      'collector/restart',
      'otap/healthy',
      'otap/slow-exporter-2-cores',
    ]
  : ['collector/healthy', 'otap/healthy'];

export function captureText(capture: string, file: string): string {
  return readFileSync(join(hasCaptures ? WHOLE : EXCERPT, capture, file), 'utf8');
}

export function captureLines(capture: string, file: string): unknown[] {
  const path = join(hasCaptures ? WHOLE : EXCERPT, capture, file);
  if (!existsSync(path)) return [];
  return gunzipSync(readFileSync(path))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));
}

export interface CaptureRun {
  readonly telemetry: EngineTelemetry;
  readonly reader: SeriesReader;
  readonly facts: readonly Fact[];
  /** Maps as they were before each new incarnation, and at the end. */
  readonly maps: readonly EngineTelemetry['topology']['current'][];
}

const ENGINE = engineId('captured');

/** `withOpamp` false leaves out what the agent said. */
export function runCapture(capture: string, withOpamp: boolean): CaptureRun {
  const steps = stepsOf(capture, withOpamp);
  const start = steps[0]?.at ?? 0n;
  const clock = createVirtualClock(steps.at(-1)?.at ?? start);
  const series = createSeriesStore({ budgetBytes: 256 << 20, clock });
  const telemetry = createEngineTelemetry(ENGINE, 'spans', 1, start);
  const facts: Fact[] = [];
  const maps: CaptureRun['maps'][number][] = [];
  let now = start;
  const intake = createTelemetryIntake({
    series: {
      ...series,
      add(engine, added) {
        facts.push(...added);
        return series.add(engine, added);
      },
    },
    telemetryOf: () => telemetry,
    nowUnixNano: () => now,
    listeners: { onControl: ignored, onDecision: ignored },
    heard: ignored,
  });
  let instance = '';
  for (const step of steps) {
    if (step.at > now) now = step.at;
    if (step.instance !== '' && instance !== '' && step.instance !== instance) {
      maps.push(telemetry.topology.current);
      telemetry.topology.restart();
      forgetTopology(telemetry.dialectState);
      series.restart(ENGINE);
    }
    if (step.instance !== '') instance = step.instance;
    step.run(intake);
  }
  maps.push(telemetry.topology.current);
  const reader = series.reader(ENGINE);
  if (!reader) throw new Error(`${capture} told nothing`);
  return { telemetry, reader, facts, maps };
}

interface Step {
  readonly at: bigint;
  /** Empty where it is not told. */
  readonly instance: string;
  run(intake: TelemetryIntake): void;
}

function stepsOf(capture: string, withOpamp: boolean): Step[] {
  const steps = [
    ...captureLines(capture, 'metrics.jsonl.gz').flatMap(metricsStep),
    ...captureLines(capture, 'traces.jsonl.gz').flatMap(tracesStep),
    ...captureLines(capture, 'logs.jsonl.gz').flatMap(logsStep),
  ].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  if (!withOpamp) return steps;
  // What agents said has times of its own: each configuration goes before the first telemetry of its instance.
  for (const { instance, step } of configSteps(capture)) {
    const first = steps.findIndex((known) => instance === '' || known.instance === instance);
    const at = steps[first]?.at ?? 0n;
    steps.splice(Math.max(0, first), 0, { at, instance, run: step });
  }
  return steps;
}

function metricsStep(line: unknown): Step[] {
  const read = metricsFromJson(line);
  if (!read.ok) throw new Error('a line of metrics cannot be read');
  return read.value.resourceMetrics.map((part) => ({
    at: latest(
      part.scopeMetrics.flatMap(({ metrics }) =>
        metrics.flatMap((metric) =>
          [metric.sum, metric.gauge, metric.histogram, metric.exponentialHistogram].flatMap(
            (kind) => kind?.dataPoints.map((point) => point.timeUnixNano) ?? [],
          ),
        ),
      ),
    ),
    instance: textOf(part.resource?.attributes, 'service.instance.id'),
    run: (intake) => {
      intake.onMetrics(ENGINE, part.resource, part);
    },
  }));
}

function tracesStep(line: unknown): Step[] {
  const read = tracesFromJson(line);
  if (!read.ok) throw new Error('a line of traces cannot be read');
  return read.value.resourceSpans.map((part) => ({
    at: latest(part.scopeSpans.flatMap(({ spans }) => spans.map((span) => span.endTimeUnixNano))),
    instance: textOf(part.resource?.attributes, 'service.instance.id'),
    run: (intake) => intake.onTraces(ENGINE, part),
  }));
}

function logsStep(line: unknown): Step[] {
  const read = logsFromJson(line);
  if (!read.ok) throw new Error('a line of logs cannot be read');
  return read.value.resourceLogs.map((part) => ({
    at: latest(part.scopeLogs.flatMap(({ logRecords }) => logRecords.map((record) => record.timeUnixNano))),
    instance: textOf(part.resource?.attributes, 'service.instance.id'),
    run: (intake) => intake.onLogs(ENGINE, part.resource, part),
  }));
}

function configSteps(capture: string): { readonly instance: string; readonly step: Step['run'] }[] {
  const records = new Map<string, AgentRecord>();
  return captureLines(capture, 'opamp.jsonl.gz').flatMap((line) => {
    const { agentToServer, via } = line as { readonly agentToServer: string; readonly via: 'ws' | 'http' };
    const message = decodeAgentToServer(Buffer.from(agentToServer, 'base64'));
    if (!message.ok) throw new Error(message.error);
    const uid = Buffer.from(message.value.instanceUid).toString('hex');
    const { record } = afterMessage(records.get(uid) ?? null, message.value, via);
    records.set(uid, record);
    const { files, configHash, identity } = record;
    if (!message.value.effectiveConfig || !files || configHash === null) return [];
    return [{ instance: identity.instance, step: (intake) => intake.onConfig(ENGINE, files, configHash) }];
  });
}

function latest(times: readonly bigint[]): bigint {
  return times.reduce((most, time) => (time > most ? time : most), 0n);
}

/** Who is alive and what the trail shows is not looked at here. */
function ignored(): void {
  return;
}
