/** Plays a capture into a running Weir over the wires that an engine uses. */

import { shiftMoments } from '@/lib/otlp/json-lines';
import { isJsonObject } from '@/lib/otlp/json-value';
import type { CaptureStep } from './capture-step';
import { shiftedMessage } from './opamp-lines';
import type { Pace } from './pace';
import type { Senders } from './senders';

export interface ReplayCounts {
  requests: number;
  agentMessages: number;
  records: number;
  /** What receivers said of requests that they took, and how often. */
  readonly complaints: Map<string, number>;
}

const MAX_COMPLAINTS = 20;

export interface ReplayTime {
  nowMs(): number;
  wait(ms: number): Promise<void>;
}

export async function replay(
  steps: AsyncIterable<CaptureStep>,
  options: { readonly pace: Pace | null; readonly as: string | null },
  senders: Senders,
  time: ReplayTime,
): Promise<ReplayCounts> {
  const { pace, as } = options;
  const shift = pace?.shiftNano ?? 0n;
  const counts: ReplayCounts = { requests: 0, agentMessages: 0, records: 0, complaints: new Map() };
  const beganMs = time.nowMs();
  for await (const step of steps) {
    if (pace && step.at !== null) {
      const early = pace.dueMs(step.at) - (time.nowMs() - beganMs);
      if (early > 0) await time.wait(early);
    }
    if (step.kind === 'agent') {
      await senders.agent(step, shiftedMessage(step.message, shift, as));
      counts.agentMessages++;
    } else if (step.kind === 'records') {
      await senders.records(renamed(shift === 0n ? step.json : shiftMoments(step.json, shift), as));
      counts.records++;
    } else {
      const moved = shift === 0n ? step.json : shiftMoments(step.json, shift);
      const complaint = await senders.otlp(step.signal, renamed(moved, as));
      counts.requests++;
      const known = counts.complaints.get(complaint);
      if (complaint !== '' && (known !== undefined || counts.complaints.size < MAX_COMPLAINTS))
        counts.complaints.set(complaint, (known ?? 0) + 1);
    }
  }
  return counts;
}

/** The same of a service of another name: in resources, and in the records of a bundle. */
function renamed(json: unknown, as: string | null): unknown {
  if (as === null || !isJsonObject(json)) return json;
  const records = json.weirRecords;
  if (isJsonObject(records) && isJsonObject(records.engine))
    return { weirRecords: { ...records, engine: { ...records.engine, service: as } } };
  const named = (attribute: unknown) =>
    isJsonObject(attribute) && attribute.key === 'service.name'
      ? { ...attribute, value: { stringValue: as } }
      : attribute;
  const out: Record<string, unknown> = {};
  for (const [key, parts] of Object.entries(json)) {
    out[key] = !Array.isArray(parts)
      ? parts
      : parts.map((part: unknown) => {
          if (!isJsonObject(part) || !isJsonObject(part.resource)) return part;
          const { attributes } = part.resource;
          const list = Array.isArray(attributes) ? attributes.map(named) : attributes;
          return { ...part, resource: { ...part.resource, attributes: list } };
        });
  }
  return out;
}
