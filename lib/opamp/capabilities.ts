/** What agents and servers say they can do: bits on the wire, names for people. Unknown bits are named by number. */
export const AGENT_CAPABILITY = {
  ReportsStatus: 0x1,
  AcceptsRemoteConfig: 0x2,
  ReportsEffectiveConfig: 0x4,
  AcceptsPackages: 0x8,
  ReportsPackageStatuses: 0x10,
  ReportsOwnTraces: 0x20,
  ReportsOwnMetrics: 0x40,
  ReportsOwnLogs: 0x80,
  AcceptsOpAMPConnectionSettings: 0x100,
  AcceptsOtherConnectionSettings: 0x200,
  AcceptsRestartCommand: 0x400,
  ReportsHealth: 0x800,
  ReportsRemoteConfig: 0x1000,
  ReportsHeartbeat: 0x2000,
  ReportsAvailableComponents: 0x4000,
  ReportsConnectionSettingsStatus: 0x8000,
} as const;
export type AgentCapabilityName = keyof typeof AGENT_CAPABILITY;

export const SERVER_CAPABILITY = {
  AcceptsStatus: 0x1,
  OffersRemoteConfig: 0x2,
  AcceptsEffectiveConfig: 0x4,
  OffersPackages: 0x8,
  AcceptsPackagesStatus: 0x10,
  OffersConnectionSettings: 0x20,
  AcceptsConnectionSettingsRequest: 0x40,
} as const;
export type ServerCapabilityName = keyof typeof SERVER_CAPABILITY;

export function agentCapabilities(names: readonly AgentCapabilityName[]): bigint {
  return names.reduce((mask, name) => mask | BigInt(AGENT_CAPABILITY[name]), 0n);
}

export function serverCapabilities(names: readonly ServerCapabilityName[]): bigint {
  return names.reduce((mask, name) => mask | BigInt(SERVER_CAPABILITY[name]), 0n);
}

export function agentCan(mask: bigint, name: AgentCapabilityName): boolean {
  return (mask & BigInt(AGENT_CAPABILITY[name])) !== 0n;
}

/** Names of the bits set, lowest first; a bit this version does not know is `bit 17`. */
export function agentCapabilityNames(mask: bigint): string[] {
  const byBit = new Map<bigint, string>(
    Object.entries(AGENT_CAPABILITY).map(([name, bit]) => [BigInt(bit), name]),
  );
  const names: string[] = [];
  for (let position = 0; position < 64; position++) {
    const bit = 1n << BigInt(position);
    if ((mask & bit) !== 0n) names.push(byBit.get(bit) ?? `bit ${position}`);
  }
  return names;
}
