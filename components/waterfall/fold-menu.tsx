'use client';
import { Menu, MenuCheckItem, MenuGroup, MenuItem } from '@/components/ui/menu';
import { nodeColor } from '@/lib/client/node-color';

const LEVELS = [0, 1, 2, 3, 4];

export interface Folding {
  /** Rows deeper than this are folded; null shows all. */
  readonly depth: number | null;
  readonly closed: readonly string[];
  readonly foldSimilar: boolean;
}

/** How much of the tree is shown: by level, by node, and whether one row stands for many alike. */
export function FoldMenu(props: {
  readonly folding: Folding;
  readonly nodes: readonly string[];
  readonly onDepth: (depth: number | null) => void;
  readonly onClosed: (nodes: readonly string[]) => void;
  readonly onFoldSimilar: (fold: boolean) => void;
}) {
  const { depth, closed, foldSimilar } = props.folding;
  const said = [
    depth === null ? '' : `to level ${depth + 1}`,
    closed.length === 0 ? '' : `${closed.length} folded`,
    foldSimilar ? '' : 'all alike',
  ].filter(Boolean);
  return (
    <Menu
      trigger={
        <button
          type="button"
          className="truncate rounded-s hover:text-ink"
          title="What of the tree is shown: [ folds all, ] unfolds all"
        >
          node{said.length > 0 ? ` · ${said.join(' · ')}` : ''} ▾
        </button>
      }
    >
      <MenuCheckItem checked={foldSimilar} onChange={props.onFoldSimilar}>
        One row for many alike
      </MenuCheckItem>
      <MenuGroup label="Levels">
        <MenuCheckItem checked={depth === null} onChange={() => props.onDepth(null)}>
          All
        </MenuCheckItem>
        {LEVELS.map((level) => (
          <MenuCheckItem key={level} checked={depth === level} onChange={() => props.onDepth(level)}>
            {level === 0 ? 'First only' : `First ${level + 1}`}
          </MenuCheckItem>
        ))}
      </MenuGroup>
      <MenuGroup label="Fold below">
        {props.nodes.map((node) => (
          <MenuCheckItem
            key={node}
            checked={closed.includes(node)}
            onChange={(fold) =>
              props.onClosed(fold ? [...closed, node] : closed.filter((each) => each !== node))
            }
          >
            <i className="size-2 flex-none rounded-[2px]" style={{ background: nodeColor(node) }} />
            {node}
          </MenuCheckItem>
        ))}
        {closed.length > 0 ? <MenuItem onSelect={() => props.onClosed([])}>Unfold all</MenuItem> : null}
      </MenuGroup>
    </Menu>
  );
}
