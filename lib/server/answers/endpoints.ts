/** Where agents send to this server, as it is to be written into their configurations. */
import type { Endpoints } from '@/lib/dialects/connect-texts';
import { OPAMP_PATH } from '../ingest/agent-listener';

export function endpointsOf(
  listenHost: string,
  ports: { readonly agent: number; readonly grpc: number },
): Endpoints {
  const host = listenHost === '0.0.0.0' || listenHost === '::' ? '127.0.0.1' : listenHost;
  const name = host.includes(':') ? `[${host}]` : host;
  const authority = `${name}:${ports.agent}`;
  return {
    otlpHttp: `http://${authority}`,
    otlpGrpc: `http://${name}:${ports.grpc}`,
    opampWs: `ws://${authority}${OPAMP_PATH}`,
    opampHttp: `http://${authority}${OPAMP_PATH}`,
  };
}
