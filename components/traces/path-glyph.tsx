import { nodeColor } from '@/lib/client/node-color';

const MOST = 9;

/** The nodes that a batch went through, as dots in their own colours. */
export function PathGlyph({ nodeIds }: { readonly nodeIds: readonly string[] }) {
  const shown = nodeIds.slice(0, MOST);
  return (
    <span
      role="img"
      aria-label={`through ${nodeIds.join(', ')}`}
      title={nodeIds.join(' › ')}
      className="flex items-center"
    >
      {shown.map((id, i) => (
        <span key={id} className="flex items-center">
          {i > 0 ? <i className="h-px w-1.5 bg-line-strong" /> : null}
          <i className="size-2 rounded-full" style={{ background: nodeColor(id) }} />
        </span>
      ))}
      {nodeIds.length > MOST ? (
        <span className="num ml-1 text-2xs text-ink-3">+{nodeIds.length - MOST}</span>
      ) : null}
    </span>
  );
}
