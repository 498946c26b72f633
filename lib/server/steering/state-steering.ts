/**
 * Engines that take their whole configuration: a change is made in the text that the engine reported, unredacted as it is held in
 * memory, goes out as the whole, and is followed to what the engine says of it.
 *
 *   ordered ▶ pending ▶ applying ▶ applied        one at a time for an engine; what it is based on has to be
 *                           └────▶ failed         what the engine still reports, or it is refused
 */
import type { ControlRequest } from '@/lib/api/control';
import type { EngineInfo } from '@/lib/api/engines';
import { createBoundedMap } from '@/lib/base/bounded-map';
import { hexFromBytes } from '@/lib/base/bytes';
import { err, ok, type Result } from '@/lib/base/result';
import { cutsItselfOff } from '@/lib/dialects/otap-steering';
import type { EngineId } from '@/lib/model/engine';
import { editJson, type JsonEdit, mergeEdits } from '@/lib/opamp/json-edit';
import { REDACTED, secretsIn, withoutSecrets } from '@/lib/opamp/redact';
import { REMOTE_CONFIG_TYPE } from '@/lib/opamp/remote-config';
import { configHash, MAX_REMOTE_CONFIG_BYTES } from '@/lib/opamp/remote-config-message';
import type { AgentRecord } from '../agents/agent-record';
import { MAX_ENGINES } from '../engines/membership';
import type { RemoteStatus } from './desired-record';
import type { IssuedAct } from './pending-acts';
import { stateSummary } from './state-summary';

/** Changes that can still be undone. */
const MAX_INVERSES = 2_000;
const NOTHING = 'it is so already: nothing would change';
/** Edits in one change. */
const MAX_EDITS = 256;

export interface StateOrder {
  readonly engine: EngineId;
  readonly agent: AgentRecord;
  readonly request: ControlRequest;
  /** Hash of the configuration that the change was made for; null where whatever it is now is meant. */
  readonly base: string | null;
  /** A merge patch onto the whole configuration, made of what it is now. */
  readonly patch: (config: unknown) => Result<Readonly<Record<string, unknown>>, string>;
}

export interface StateRefusal {
  readonly code:
    | 'moved_on'
    | 'in_flight'
    | 'cuts_itself_off'
    | 'takes_no_config'
    | 'nothing_to_change'
    | 'bad_request';
  readonly message: string;
}

export interface StateOffer {
  readonly file: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
  readonly hash: string;
}

export interface StateSteering {
  order(order: StateOrder): Result<IssuedAct, StateRefusal>;
  /** True where the act was ordered here, and there is a way back. */
  canUndo(act: string): boolean;
  undo(act: IssuedAct, agent: AgentRecord): Result<IssuedAct, StateRefusal>;
  /** What the agent has not got yet of what was ordered. */
  offerFor(engine: EngineId, agent: AgentRecord): StateOffer | null;
  agentReported(engine: EngineId, agent: AgentRecord): void;
  /** Where the last change is; what the agent itself says where none was ordered here. */
  statusOf(engine: EngineId, agent: AgentRecord): EngineInfo['remoteConfig'];
  /** Ends changes whose act has ended. */
  expire(): void;
}

interface Wish {
  readonly act: IssuedAct;
  readonly base: string;
  readonly bytes: Uint8Array;
  readonly hash: string;
  status: RemoteStatus;
}

export interface StateSteeringDeps {
  readonly issue: (request: ControlRequest, engine: EngineId, revision: number, summary: string) => IssuedAct;
  readonly onWish: (engine: EngineId) => void;
  /** An act has its outcome. */
  readonly onSettled: (act: IssuedAct) => void;
}

export function createStateSteering({ issue, onWish, onSettled }: StateSteeringDeps): StateSteering {
  const wishes = createBoundedMap<EngineId, Wish>(MAX_ENGINES);
  const inverses = createBoundedMap<string, readonly JsonEdit[]>(MAX_INVERSES);

  const settle = (wish: Wish, outcome: 'applied' | 'failed', message: string) => {
    wish.status = outcome;
    wish.act.outcome = outcome;
    wish.act.message = message;
    onSettled(wish.act);
  };
  const isOpen = ({ status }: Wish) => status === 'pending' || status === 'applying';

  const send = (
    order: Pick<StateOrder, 'engine' | 'agent' | 'request' | 'base'>,
    editsOf: (config: unknown) => Result<readonly JsonEdit[], string>,
    prefix: string,
  ): Result<IssuedAct, StateRefusal> => {
    const { engine, agent, request } = order;
    const held = wishes.get(engine);
    if (held && isOpen(held)) return refuse('in_flight', `revision ${held.act.revision} is still on its way`);
    const state = readState(agent);
    if (!state)
      return refuse('takes_no_config', 'it has reported no configuration that can be read and changed');
    if (order.base !== null && order.base !== state.hash)
      return refuse('moved_on', 'its configuration is another one by now: look at it again');
    const edits = editsOf(state.config);
    if (!edits.ok) return refuse(edits.error === NOTHING ? 'nothing_to_change' : 'bad_request', edits.error);
    if (edits.value.length > MAX_EDITS)
      return refuse('bad_request', `more than ${MAX_EDITS} values would change`);
    const edited = editJson(state.text, edits.value);
    if (!edited.ok) return refuse('moved_on', edited.error);
    const bytes = Buffer.from(edited.value.text);
    if (bytes.length > MAX_REMOTE_CONFIG_BYTES)
      return refuse('bad_request', 'the configuration would be larger than 4 MiB');
    const after: unknown = JSON.parse(edited.value.text);
    const cut = cutsItselfOff(state.config, after);
    if (cut) return refuse('cuts_itself_off', `${cut}: the engine would lose its connection to here`);

    const revision = (held?.act.revision ?? 0) + 1;
    const act = issue(
      request,
      engine,
      revision,
      `${prefix}${stateSummary(state.config, after, edits.value)}`,
    );
    // The act is part of the hash: a state that was refused once can be sent once more.
    const hash = hexFromBytes(configHash(Buffer.concat([bytes, Buffer.from(act.id)])));
    inverses.set(act.id, edited.value.inverse);
    wishes.set(engine, { act, base: state.hash, bytes, hash, status: 'pending' });
    onWish(engine);
    return ok(act);
  };

  return {
    order(order) {
      return send(
        order,
        (config) => {
          const patch = order.patch(config);
          if (!patch.ok) return patch;
          const edits = mergeEdits(config, patch.value);
          if (edits.length === 0) return err(NOTHING);
          if (edits.some(({ text }) => text?.includes(REDACTED)))
            return err('a value is redacted: sending it back would overwrite what it hides');
          return ok(edits);
        },
        '',
      );
    },
    canUndo: (act) => inverses.has(act),
    undo(act, agent) {
      // A change that failed changed nothing: what runs is sent once more, so that nothing refused stays wished.
      const edits = act.outcome === 'failed' ? [] : (inverses.get(act.id) ?? []);
      const request: ControlRequest = {
        engine: act.engine,
        target: act.request.target,
        action: 'config_update',
      };
      return send(
        { engine: act.engine, agent, request, base: null },
        () => ok(edits),
        `undo: ${act.summary} · `,
      );
    },
    offerFor(engine, agent) {
      const wish = wishes.get(engine);
      if (wish?.status !== 'pending' || agent.configHash !== wish.base) return null;
      return { file: '', contentType: REMOTE_CONFIG_TYPE, bytes: wish.bytes, hash: wish.hash };
    },
    agentReported(engine, agent) {
      const wish = wishes.get(engine);
      if (!wish || !isOpen(wish)) return;
      const { lastHash, status, error } = agent.remote;
      if (lastHash === wish.hash) {
        if (status === 'applying') wish.status = 'applying';
        else if (status === 'applied') settle(wish, 'applied', '');
        else if (status === 'failed') settle(wish, 'failed', cleanError(error, agent) || 'refused');
      } else if (agent.configHash !== null && agent.configHash !== wish.base) {
        settle(wish, 'failed', 'its configuration became another one before the change reached it');
      } else {
        // It was cut off with the change in its hands and knows nothing of it: it is offered again.
        wish.status = 'pending';
      }
    },
    statusOf(engine, agent) {
      const wish = wishes.get(engine);
      if (wish) return { revision: wish.act.revision, status: wish.status, ...errorOf(wish.act.message) };
      const { status, error } = agent.remote;
      return status === 'unset' ? null : { revision: 0, status, ...errorOf(cleanError(error, agent)) };
    },
    expire() {
      for (const [, wish] of wishes.entries()) {
        if (isOpen(wish) && wish.act.outcome === 'failed') settle(wish, 'failed', wish.act.message);
      }
    },
  };
}

function refuse(code: StateRefusal['code'], message: string): Result<never, StateRefusal> {
  return err({ code, message });
}

function errorOf(error: string): { readonly error?: string } {
  return error === '' ? {} : { error };
}

/** Engines quote what they do not like. */
function cleanError(error: string, agent: AgentRecord): string {
  return withoutSecrets(error, secretsIn(readState(agent)?.config));
}

interface EngineState {
  readonly text: string;
  readonly config: unknown;
  readonly hash: string;
}

/** The one JSON document that the engine reports as its state. */
function readState(agent: AgentRecord): EngineState | null {
  const [file, ...others] = agent.files ?? [];
  if (!file || others.length > 0 || agent.configHash === null) return null;
  const text = Buffer.from(file.body).toString('utf8');
  try {
    return { text, config: JSON.parse(text), hash: agent.configHash };
  } catch {
    // No JSON, so nothing that could be changed as JSON; what is wrong with it is said where it is drawn.
    return null;
  }
}
