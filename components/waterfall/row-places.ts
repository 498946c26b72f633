/** The list of a waterfall as one run of places: of each group its header (where it has one), then its rows. */
export interface RowGroup {
  readonly traceId: string;
  /** Rows of it that are shown; 0 while it is folded. */
  readonly rows: number;
  readonly header: boolean;
}

export type Place =
  | { readonly kind: 'header'; readonly group: number }
  | { readonly kind: 'row'; readonly group: number; readonly row: number };

export function placeCount(groups: readonly RowGroup[]): number {
  return groups.reduce((sum, group) => sum + group.rows + (group.header ? 1 : 0), 0);
}

export function placeAt(groups: readonly RowGroup[], index: number): Place | null {
  let left = index;
  for (const [group, { rows, header }] of groups.entries()) {
    if (header) {
      if (left === 0) return { kind: 'header', group };
      left--;
    }
    if (left < rows) return left < 0 ? null : { kind: 'row', group, row: left };
    left -= rows;
  }
  return null;
}

export function indexOfRow(groups: readonly RowGroup[], group: number, row: number): number {
  const before = groups.slice(0, group).reduce((sum, each) => sum + each.rows + (each.header ? 1 : 0), 0);
  return before + (groups[group]?.header ? 1 : 0) + row;
}

/** Pages of `size` rows, by group, that cover the places from `first` to `last`. */
export function pagesBetween(
  groups: readonly RowGroup[],
  first: number,
  last: number,
  size: number,
): { readonly group: number; readonly page: number }[] {
  const pages = new Map<string, { group: number; page: number }>();
  for (let index = first; index <= last; index++) {
    const place = placeAt(groups, index);
    if (place?.kind !== 'row') continue;
    const page = Math.floor(place.row / size);
    pages.set(`${place.group}/${page}`, { group: place.group, page });
  }
  return [...pages.values()];
}
