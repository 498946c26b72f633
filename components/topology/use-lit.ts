'use client';
/** Keeps the map's view in step with URL, search and hover: which ids stand out, which one the verdict blames. */
import { useEffect, useMemo } from 'react';
import type { TopologyAnswer } from '@/lib/api/topology';
import { diagnosisStore } from '@/lib/client/live-stats';
import { useValue } from '@/lib/client/value-store';
import { endsOf, reach } from './graph-walk';
import { setMapView } from './map-view';
import { matchingNodes } from './search-nodes';
import { useFocusDirection, useMapOptions, useMeasure, useSelection } from './use-selection';

export function useMapViewSync(topology: TopologyAnswer): { readonly matches: readonly string[] | null } {
  const { selection } = useSelection();
  const [focus] = useFocusDirection();
  const [measure] = useMeasure();
  const [options] = useMapOptions();
  const blamed = useValue(diagnosisStore, (diagnosis) => diagnosis.verdict?.node ?? null);
  const selectedNode = selection.kind === 'node' ? selection.id : null;
  const selectedEdge = selection.kind === 'edge' ? selection.id : null;
  const { nodes, edges } = topology;
  const matches = useMemo(() => matchingNodes(nodes, options.find), [nodes, options.find]);
  const lit = useMemo(() => {
    if (matches) return new Set(matches);
    if (!focus) return null;
    if (selectedNode) return reach({ nodes, edges }, selectedNode, focus);
    return selectedEdge ? edgeReach({ nodes, edges }, selectedEdge, focus) : null;
  }, [matches, focus, selectedNode, selectedEdge, nodes, edges]);
  useEffect(() => {
    setMapView({
      measure,
      selectedNode,
      selectedEdge,
      lit,
      hideIdle: !options.idle,
      blamed,
    });
  }, [measure, selectedNode, selectedEdge, lit, options.idle, blamed]);
  return { matches };
}

function edgeReach(
  graph: Pick<TopologyAnswer, 'nodes' | 'edges'>,
  edgeId: string,
  focus: 'up' | 'down' | 'both',
): ReadonlySet<string> {
  const edge = graph.edges.find((candidate) => candidate.id === edgeId);
  const lit = new Set(endsOf(graph, edgeId));
  if (!edge) return lit;
  if (focus !== 'down') for (const id of reach(graph, edge.from, 'up')) lit.add(id);
  if (focus !== 'up') for (const id of reach(graph, edge.to, 'down')) lit.add(id);
  return lit;
}
