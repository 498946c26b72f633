/** What brings a unit of time to seconds; 1 for everything else. */
export function perSecondUnit(unit: string): number {
  switch (unit.replace(/[{}]/g, '')) {
    case 'ns':
      return 1e-9;
    case 'us':
    case 'µs':
      return 1e-6;
    case 'ms':
      return 1e-3;
    default:
      return 1;
  }
}
