/** A row of figures as an SVG path. Unknown ones leave a gap. */
export interface SparkBox {
  readonly width: number;
  readonly height: number;
  /** What the top stands for; the highest figure where it is not given. */
  readonly max?: number;
}

export function sparkPath(values: readonly (number | null)[], box: SparkBox): string {
  const known = values.filter((value): value is number => value !== null);
  const max = box.max ?? Math.max(...known, 0);
  const step = values.length > 1 ? box.width / (values.length - 1) : 0;
  let path = '';
  let pen = 'M';
  values.forEach((value, index) => {
    if (value === null) {
      pen = 'M';
      return;
    }
    const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0;
    path += `${pen}${round(index * step)} ${round(box.height - share * box.height)}`;
    pen = 'L';
  });
  return path;
}

/** The same figures as filled areas, one for each run without a gap. */
export function sparkArea(values: readonly (number | null)[], box: SparkBox): string {
  const line = sparkPath(values, box);
  return line
    .split('M')
    .filter(Boolean)
    .map((run) => {
      const points = run.split('L');
      const first = points[0]?.split(' ')[0] ?? '0';
      const last = points.at(-1)?.split(' ')[0] ?? '0';
      return `M${run}L${last} ${box.height}L${first} ${box.height}Z`;
    })
    .join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
