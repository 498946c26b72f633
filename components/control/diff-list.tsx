import type { ConfigChange } from './schema-fields';

/** What would change, a line a leaf: before struck through, after beside it. */
export function DiffList({ changes }: { readonly changes: readonly ConfigChange[] }) {
  return (
    <ul aria-label="Changes" className="num flex flex-col gap-1 rounded-m border border-line bg-sunken p-2">
      {changes.map((change) => (
        <li key={change.path} className="flex flex-wrap items-baseline gap-x-2">
          <span className="text-ink-2">{change.path}</span>
          <del className="text-bad">{shown(change.before)}</del>
          <span className="text-ink-3">→</span>
          <ins className="text-ok no-underline">{shown(change.after)}</ins>
        </li>
      ))}
    </ul>
  );
}

function shown(value: unknown): string {
  return value === undefined || value === null
    ? 'not set'
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
