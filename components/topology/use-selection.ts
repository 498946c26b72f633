'use client';
/** What is chosen on the map, in the URL: one node or one edge, and how the map is looked at. */
import { parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs';
import { useCallback } from 'react';
import { MEASURES } from './measures';

export type Selection =
  | { readonly kind: 'none' }
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'edge'; readonly id: string };

export function useSelection() {
  const [state, setState] = useQueryStates({ node: parseAsString, edge: parseAsString });
  const selection: Selection = state.node
    ? { kind: 'node', id: state.node }
    : state.edge
      ? { kind: 'edge', id: state.edge }
      : { kind: 'none' };
  const selectNode = useCallback((id: string) => void setState({ node: id, edge: null }), [setState]);
  const selectEdge = useCallback((id: string) => void setState({ node: null, edge: id }), [setState]);
  const clear = useCallback(() => void setState({ node: null, edge: null }), [setState]);
  return { selection, selectNode, selectEdge, clear };
}

export function useMeasure() {
  return useQueryState('measure', parseAsStringLiteral(MEASURES).withDefault('utilization'));
}

export function useFocusDirection() {
  return useQueryState('focus', parseAsStringLiteral(['up', 'down', 'both'] as const));
}

export const MAP_VIEWS = ['map', 'table', 'tuning', 'changes'] as const;
export type MapViewName = (typeof MAP_VIEWS)[number];

export function useMapOptions() {
  return useQueryStates({
    view: parseAsStringLiteral(MAP_VIEWS).withDefault('map'),
    idle: parseAsBoolean.withDefault(true),
    ctl: parseAsBoolean.withDefault(false),
    find: parseAsString.withDefault(''),
  });
}
