/** Whether, and how, an engine can be changed from here. Pure. */
import type { DialectName } from '@/lib/model/engine';
import { agentCan } from '@/lib/opamp/capabilities';
import { REMOTE_CONFIG_FILE } from '@/lib/opamp/remote-config';
import type { AgentRecord } from '../agents/agent-record';

export type ControlKind =
  | { readonly kind: 'actions' | 'state' }
  | { readonly kind: 'none'; readonly why: string };

export function controlKind(
  agent: Pick<AgentRecord, 'capabilities' | 'files' | 'configProblem'> | null,
  dialect: DialectName,
): ControlKind {
  if (!agent)
    return none('no OpAMP agent of it has connected: what it sends is shown, and nothing can be changed');
  if (!agentCan(agent.capabilities, 'AcceptsRemoteConfig')) return none(REPORTS_ONLY[dialect]);
  if (agent.configProblem !== null) return none(`its configuration is not read: ${agent.configProblem}`);
  switch (dialect) {
    case 'otap':
      return { kind: 'state' };
    case 'collector':
      return none('it takes its configuration through a Supervisor, which has its own server for it');
    case 'weir':
      return { kind: 'actions' };
    case 'spans': {
      const known = agent.files === null || agent.files.some(({ name }) => name === REMOTE_CONFIG_FILE);
      return known ? { kind: 'actions' } : none('its configuration is of no kind that is known here');
    }
  }
}

const REPORTS_ONLY: Readonly<Record<DialectName, string>> = {
  collector: 'a Collector’s OpAMP extension only reports: it takes no configuration from anywhere',
  otap: 'its OpAMP extension does not accept remote configuration',
  weir: 'its agent does not accept remote configuration',
  spans: 'its agent does not accept remote configuration',
};

function none(why: string): ControlKind {
  return { kind: 'none', why };
}
