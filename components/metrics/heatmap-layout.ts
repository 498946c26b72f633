/**
 * Where the cells of a utilisation heatmap are: rows channels, columns time. Pure geometry, so that the canvas that
 * draws it and the pointer that reads it cannot disagree.
 */
export interface HeatmapLayout {
  readonly width: number;
  readonly rowHeight: number;
  readonly rows: number;
  readonly columns: number;
}

export interface HeatmapCell {
  readonly row: number;
  readonly column: number;
}

export function cellAt(layout: HeatmapLayout, x: number, y: number): HeatmapCell | null {
  const column = Math.floor((x / layout.width) * layout.columns);
  const row = Math.floor(y / layout.rowHeight);
  if (column < 0 || column >= layout.columns || row < 0 || row >= layout.rows) return null;
  return { row, column };
}

/** Left edge and width of a column in whole pixels, so that neighbours touch without a seam. */
export function columnSpan(
  layout: HeatmapLayout,
  column: number,
): { readonly x: number; readonly width: number } {
  const x = Math.round((column / layout.columns) * layout.width);
  return { x, width: Math.round(((column + 1) / layout.columns) * layout.width) - x };
}

/** Busiest channels first, by their mean over what is known; those without a figure come last. */
export function orderRows<T extends { readonly id: string; readonly values: readonly (number | null)[] }>(
  series: readonly T[],
): T[] {
  const mean = (values: readonly (number | null)[]) => {
    const known = values.filter((value): value is number => value !== null);
    return known.length === 0 ? -1 : known.reduce((sum, value) => sum + value, 0) / known.length;
  };
  return [...series].sort((a, b) => mean(b.values) - mean(a.values) || (a.id < b.id ? -1 : 1));
}
