'use client';
import type { TopologyAnswer } from '@/lib/api/topology';
import { EdgePanel } from './edge-panel';
import { NodePanel } from './node-panel';
import { PanelTitle } from './side-panel-parts';
import type { Selection } from './use-selection';

/** More about what is chosen on the map. */
export function SidePanel(props: {
  readonly topology: TopologyAnswer;
  readonly selection: Exclude<Selection, { kind: 'none' }>;
  readonly onClose: () => void;
}) {
  const { topology, selection, onClose } = props;
  return (
    <aside
      aria-label="Details"
      className="w-[348px] flex-none overflow-y-auto border-l border-line bg-surface px-4 pb-6 pt-3 max-lg:w-[316px]"
    >
      <Content topology={topology} selection={selection} onClose={onClose} />
    </aside>
  );
}

function Content({ topology, selection, onClose }: Parameters<typeof SidePanel>[0]) {
  if (selection.kind === 'node') {
    const node = topology.nodes.find((candidate) => candidate.id === selection.id);
    if (node) return <NodePanel node={node} onClose={onClose} />;
  } else {
    const edge = topology.edges.find((candidate) => candidate.id === selection.id);
    if (edge) return <EdgePanel edge={edge} onClose={onClose} />;
  }
  return (
    <>
      <PanelTitle title={selection.id} onClose={onClose} />
      <p className="mt-2 text-s text-ink-3">
        This {selection.kind} is not part of the pipeline at this moment. It may come back with another
        revision.
      </p>
    </>
  );
}
