import type { HealthAnswer } from '@/lib/api/health';
import type { Hub } from '../hub';
import { endpointsOf } from './endpoints';

export function healthAnswer(hub: Hub): HealthAnswer {
  const { config, requests } = hub;
  return {
    status: hub.isStopping ? 'stopping' : hub.isOverloaded ? 'overloaded' : 'ok',
    startedAtUnixNano: String(hub.startedAt),
    version: config.version,
    ledger: hub.store.ledger(),
    requests: { accepted: requests.accepted, refused: requests.refused, rejected: requests.rejected },
    store: { ...hub.store.stats(), ...hub.analysis.seriesStats() },
    data: hub.analysis.dataFigures(),
    ...hub.directory.fleet(),
    endpoints: endpointsOf(config.host, { agent: hub.agentPort, grpc: hub.grpcPort }),
    readOnly: config.readOnly,
  };
}
