/**
 * An OTAP engine's agent by script. What it says is what the captured engine said (`lib/opamp/fixtures/otap.jsonl.gz`), coded
 * by an independent library from the published schema: identity, capabilities, health, its state as effective
 * configuration; to a remote configuration APPLYING at once, and then APPLIED with that as its state, or FAILED.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import protobuf from 'protobufjs';
import { WebSocket } from 'ws';

const schema = protobuf.loadSync('lib/opamp/proto/opamp.proto');
const AgentToServer = schema.lookupType('opamp.proto.AgentToServer');
const ServerToAgent = schema.lookupType('opamp.proto.ServerToAgent');
const AS_PLAIN = { longs: Number, defaults: true, arrays: true, objects: true } as const;

interface AgentMessage {
  readonly instanceUid: Uint8Array;
  readonly capabilities: number;
  readonly agentDescription?: object;
  readonly health?: object;
  readonly effectiveConfig?: {
    readonly configMap: { readonly configMap: Record<string, { body: Uint8Array }> };
  };
}

interface ServerMessage {
  readonly flags: number;
  readonly remoteConfig: {
    readonly config: {
      readonly configMap: Readonly<Record<string, { body: Uint8Array; contentType: string }>>;
    };
    readonly configHash: Uint8Array;
  } | null;
  readonly agentIdentification: { readonly newInstanceUid: Uint8Array } | null;
  readonly errorResponse: { readonly errorMessage: string } | null;
}

/** The captured engine's first whole message. */
function captured(): AgentMessage {
  const lines = gunzipSync(readFileSync('lib/opamp/fixtures/otap.jsonl.gz')).toString().trim().split('\n');
  for (const line of lines) {
    const { agentToServer } = JSON.parse(line) as { agentToServer: string };
    const message = AgentToServer.toObject(AgentToServer.decode(Buffer.from(agentToServer, 'base64')), {
      longs: Number,
    }) as AgentMessage;
    if (message.agentDescription && message.effectiveConfig) return message;
  }
  throw new Error('the capture holds no whole message');
}

const FIRST = captured();
/** What the captured engine ran, as it said it: one JSON document. */
export const CAPTURED_STATE = Buffer.from(
  FIRST.effectiveConfig?.configMap.configMap.state?.body ?? [],
).toString();

export interface ScriptedAgent {
  /** Remote configurations that came, in order. */
  readonly offers: readonly { readonly file: string; readonly contentType: string; readonly body: string }[];
  /** Its identity, in hex; another one once the server gave it one. */
  readonly uid: string;
  readonly state: string;
  readonly isOpen: boolean;
  /** What it says to the next configurations: null to apply them. */
  refuseWith(message: string | null): void;
  /** Holds back its answers after APPLYING until it is released. */
  hold(): void;
  release(): void;
  /** Ends the socket as a pulled cable does, without a farewell. */
  cut(): void;
}

const STATUS = { applied: 1, applying: 2, failed: 3 } as const;

export async function startScriptedAgent(
  agentUrl: string,
  state: string,
  uid: Uint8Array = FIRST.instanceUid,
): Promise<ScriptedAgent> {
  const socket = new WebSocket(`${agentUrl.replace('http', 'ws')}/v1/opamp`);
  const offers: { file: string; contentType: string; body: string }[] = [];
  let instanceUid = uid;
  let sequenceNum = 0;
  let running = state;
  let refusal: string | null = null;
  let gate: Promise<void> = Promise.resolve();
  let open: () => void = () => undefined;

  const say = (fields: object) => {
    const message = { instanceUid, sequenceNum: sequenceNum++, capabilities: FIRST.capabilities, ...fields };
    // The header before each message is a varint, 0 today.
    socket.send(
      Buffer.concat([Buffer.from([0]), AgentToServer.encode(AgentToServer.create(message)).finish()]),
    );
  };
  const effectiveConfig = () => ({
    configMap: { configMap: { state: { body: Buffer.from(running), contentType: 'application/json' } } },
  });
  const everything = () => ({
    agentDescription: FIRST.agentDescription,
    health: FIRST.health,
    effectiveConfig: effectiveConfig(),
    remoteConfigStatus: { lastRemoteConfigHash: Buffer.alloc(0), status: 0 },
  });
  const answer = async (hash: Uint8Array, body: string) => {
    const status = (value: number, errorMessage = '') => ({
      remoteConfigStatus: { lastRemoteConfigHash: hash, status: value, errorMessage },
    });
    say(status(STATUS.applying));
    await gate;
    if (refusal !== null) return say(status(STATUS.failed, refusal));
    running = body;
    say({ ...status(STATUS.applied), effectiveConfig: effectiveConfig() });
  };
  socket.on('message', (data: Buffer) => {
    const { flags, remoteConfig, agentIdentification } = ServerToAgent.toObject(
      ServerToAgent.decode(data.subarray(1)),
      AS_PLAIN,
    ) as ServerMessage;
    if (agentIdentification) {
      instanceUid = agentIdentification.newInstanceUid;
      say(everything());
    } else if (flags & 1) say(everything());
    for (const [file, { body, contentType }] of Object.entries(remoteConfig?.config.configMap ?? {})) {
      const text = Buffer.from(body).toString();
      offers.push({ file, contentType, body: text });
      void answer(remoteConfig?.configHash ?? new Uint8Array(0), text);
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  say(everything());
  return {
    offers,
    get uid() {
      return Buffer.from(instanceUid).toString('hex');
    },
    get state() {
      return running;
    },
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    refuseWith(message) {
      refusal = message;
    },
    hold() {
      gate = new Promise((resolve) => {
        open = resolve;
      });
    },
    release: () => open(),
    cut: () => socket.terminate(),
  };
}
