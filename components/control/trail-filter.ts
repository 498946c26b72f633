/** Narrowing the audit trail. Empty texts mean everything. */
import type { ControlActionRow } from '@/lib/api/control';

export interface TrailFilter {
  readonly text: string;
  readonly action: string;
  readonly outcome: string;
  readonly origin: string;
}

export const NO_FILTER: TrailFilter = { text: '', action: '', outcome: '', origin: '' };

export function filterTrail(
  actions: readonly ControlActionRow[],
  filter: TrailFilter,
): readonly ControlActionRow[] {
  const text = filter.text.trim().toLowerCase();
  return actions.filter(
    (row) =>
      (!filter.action || row.action === filter.action) &&
      (!filter.outcome || row.outcome === filter.outcome) &&
      (!filter.origin || row.origin === filter.origin) &&
      (!text || `${row.target} ${row.summary} ${row.message} ${row.id}`.toLowerCase().includes(text)),
  );
}

/** The values that occur, sorted, for the choices of a filter. */
export function occurring(
  actions: readonly ControlActionRow[],
  key: 'action' | 'outcome' | 'origin',
): string[] {
  return [...new Set(actions.map((row) => row[key]))].sort();
}
