import type { NodeKind } from '@/lib/semconv/signals';

const PATHS: Readonly<Record<NodeKind, string>> = {
  receiver: 'M4 12h10M10 8l4 4-4 4M18 5v14',
  processor: 'M12 4l7 4v8l-7 4-7-4V8z',
  exporter: 'M6 5v14M10 12h10M16 8l4 4-4 4',
  connector: 'M5 12h4M15 12h4M12 9a3 3 0 100 6 3 3 0 000-6',
};

export function NodeIcon({ kind, size = 14 }: { readonly kind: NodeKind; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      className="flex-none"
    >
      <path d={PATHS[kind]} />
    </svg>
  );
}
