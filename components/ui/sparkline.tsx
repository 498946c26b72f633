import { memo } from 'react';
import { sparkArea, sparkPath } from './spark-path';

export const Sparkline = memo(function Sparkline(props: {
  readonly values: readonly (number | null)[];
  readonly width: number;
  readonly height: number;
  readonly max?: number;
  /** A CSS colour; tokens as `var(--work)`. */
  readonly color?: string;
  readonly area?: boolean;
  readonly label?: string;
  readonly className?: string;
}) {
  const box = { width: props.width, height: props.height - 1, ...(props.max ? { max: props.max } : {}) };
  const color = props.color ?? 'var(--text-3)';
  const shape = (
    <>
      {props.area ? <path d={sparkArea(props.values, box)} fill={color} fillOpacity={0.16} /> : null}
      <path d={sparkPath(props.values, box)} fill="none" stroke={color} strokeWidth={1.2} />
    </>
  );
  const size = {
    width: props.width,
    height: props.height,
    viewBox: `0 -0.5 ${props.width} ${props.height}`,
    className: props.className,
  };
  return props.label ? (
    <svg {...size} role="img" aria-label={props.label}>
      <title>{props.label}</title>
      {shape}
    </svg>
  ) : (
    <svg {...size} aria-hidden="true">
      {shape}
    </svg>
  );
});
