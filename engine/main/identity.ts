import { hostname } from 'node:os';
import { createInstanceUid, uuidText } from '@/engine/management/instance-uid';
import { ATTR } from '@/lib/semconv/attributes';

export const ENGINE_VERSION = '0.1.0';
const DEFAULT_SERVICE = 'weir-engine';

export interface EngineIdentity {
  readonly uid: Uint8Array;
  readonly serviceName: string;
  readonly instanceId: string;
  readonly hostName: string;
}

/** A new instance for each process; the name is the one that OpenTelemetry programs read from the environment. */
export function createIdentity(
  env: Readonly<Record<string, string | undefined>>,
  unixMs: number,
): EngineIdentity {
  const uid = createInstanceUid(unixMs);
  const serviceName = env.OTEL_SERVICE_NAME || DEFAULT_SERVICE;
  return { uid, serviceName, instanceId: uuidText(uid), hostName: hostname() };
}

/** The same over OpAMP and as the resource of its telemetry, so that both are known to be one engine. */
export function describe(identity: EngineIdentity, pipelineId: string) {
  return {
    identifying: {
      [ATTR.serviceName]: identity.serviceName,
      [ATTR.serviceInstanceId]: identity.instanceId,
      [ATTR.serviceVersion]: ENGINE_VERSION,
    },
    nonIdentifying: { [ATTR.hostName]: identity.hostName, [ATTR.pipelineId]: pipelineId },
  };
}
