/** Where a line of evidence leads: a node or an edge of the map, or a path within Weir. Pure. */
export type EvidenceTarget =
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'edge'; readonly id: string }
  | { readonly kind: 'path'; readonly href: string; readonly name: string };

/** Anything but a path of this site is not followed: the text comes from telemetry. */
export function evidenceTarget(link: string | null): EvidenceTarget | null {
  if (!link) return null;
  if (link.startsWith('node:')) return { kind: 'node', id: link.slice(5) };
  if (link.startsWith('edge:')) return { kind: 'edge', id: link.slice(5) };
  if (!link.startsWith('/') || link.startsWith('//')) return null;
  return { kind: 'path', href: link, name: nameOf(link) };
}

function nameOf(path: string): string {
  if (path.startsWith('/traces/')) return 'trace';
  if (path.startsWith('/traces')) return 'batches';
  if (path.startsWith('/metrics')) return 'chart';
  if (path.startsWith('/control')) return 'action';
  if (path.startsWith('/settings')) return 'settings';
  return 'open';
}

/**
 * A sentence cut into plain text and names of the map, the longest names first, so that they can be set apart. A name
 * behind an article is the common word: `88 ms a batch`.
 */
export function namesIn(
  text: string,
  names: readonly string[],
): readonly { readonly text: string; readonly name: boolean }[] {
  const known = [...names].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  if (known.length === 0) return [{ text, name: false }];
  const pattern = new RegExp(`(?<![\\w-])(?<!\\ba )(${known.map(escapeForRegExp).join('|')})(?![\\w-])`, 'g');
  return text
    .split(pattern)
    .map((part, index) => ({ text: part, name: index % 2 === 1 }))
    .filter((part) => part.text !== '');
}

function escapeForRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
