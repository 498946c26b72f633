import type { HealthAnswer } from '@/lib/api/health';
import type { Hub } from '../hub';
import { OPAMP_PATH } from '../ingest/agent-listener';

export function healthAnswer(hub: Hub): HealthAnswer {
  const { config, requests } = hub;
  const host = config.host === '0.0.0.0' || config.host === '::' ? '127.0.0.1' : config.host;
  const name = host.includes(':') ? `[${host}]` : host;
  const authority = `${name}:${hub.agentPort}`;
  return {
    status: hub.isStopping ? 'stopping' : hub.isOverloaded ? 'overloaded' : 'ok',
    startedAtUnixNano: String(hub.startedAt),
    version: config.version,
    ledger: hub.store.ledger(),
    requests: { accepted: requests.accepted, refused: requests.refused, rejected: requests.rejected },
    store: { ...hub.store.stats(), ...hub.analysis.seriesStats() },
    data: hub.analysis.dataFigures(),
    ...hub.directory.fleet(),
    endpoints: {
      otlpHttp: `http://${authority}`,
      otlpGrpc: `http://${name}:${hub.grpcPort}`,
      opampWs: `ws://${authority}${OPAMP_PATH}`,
      opampHttp: `http://${authority}${OPAMP_PATH}`,
    },
    readOnly: config.readOnly,
  };
}
